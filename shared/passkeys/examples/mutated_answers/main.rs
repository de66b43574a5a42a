//! Writes answers of passkeys that are changed in all kinds of ways, each with the verdict of this crate, one a line of
//! JSON. `cargo xtask test` has another implementation judge the same.
//!
//! `mutated_answers COUNT SEED`

mod data;
mod frame;
mod made;

use std::io::Write;

use fastrand::Rng;

use made::{Answer, Ceremony, Maker};

fn main() -> std::io::Result<()> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let mut next = |usual| {
        numbers
            .next()
            .map_or(usual, |number| number.unwrap_or(usual))
    };
    let (count, seed) = (next(50), next(1));
    let mut random = Rng::with_seed(seed);
    let mut maker = Maker::new(&mut random);
    let mut out = std::io::stdout().lock();
    for number in 0..count {
        let mut answer = maker.answer(&mut random);
        // One in twenty is as it should be.
        for _ in 0..if number % 20 == 0 {
            0
        } else {
            random.usize(1..3)
        } {
            answer.mutate(&mut random);
        }
        writeln!(out, "{}", maker.judge(&answer))?;
    }
    Ok(())
}

impl Answer {
    /// Changes something: what is signed, mostly, for a change of the signature alone hides all others.
    fn mutate(&mut self, random: &mut Rng) {
        match (random.u8(0..10), &self.ceremony) {
            (0..3, _) => data::client_data(self, random),
            (3..6, _) => data::authenticator_data(self, random),
            (6..8, Ceremony::Registration) => data::attestation_object(self, random),
            (6..8, Ceremony::Assertion) => data::authenticator_data(self, random),
            _ => frame::change(self, random),
        }
    }
}
