//! Sequences such as `abcd` and `9876` in a password.

use super::Part;
use super::piece::{Piece, Pieces};
use super::text::Text;

/// The fewest characters of a sequence.
const SHORTEST: usize = 3;
/// The most that one character of a sequence is away from the next.
const STEP: i64 = 5;

/// Offers each beginning in which every character is as far from the next: `aaa`, `345`, `zyx`,
/// `2468`.
pub(super) fn beginnings(text: &Text, pieces: &mut Pieces) {
    let letters = text.letters();
    let [first, second, ..] = letters else {
        return;
    };
    let step = distance(*first, *second);
    if step.abs() > STEP {
        return;
    }
    let part = if step == 0 {
        Part::Repetition
    } else {
        Part::Sequence
    };
    let steady = letters
        .windows(2)
        .take_while(|pair| distance(pair[0], pair[1]) == step);
    for length in SHORTEST..=steady.count() + 1 {
        let ends = [letters[0], letters[length - 1]];
        pieces.offer(length, Piece::new(starts(ends) * length as f64, part));
    }
}

fn distance(one: char, next: char) -> i64 {
    i64::from(u32::from(next)) - i64::from(u32::from(one))
}

/// Returns the number of first characters that a guesser tries.
fn starts(ends: [char; 2]) -> f64 {
    if ends.iter().any(|end| "aAzZ019".contains(*end)) {
        4.0
    } else if ends[0].is_ascii_digit() {
        10.0
    } else {
        26.0
    }
}
