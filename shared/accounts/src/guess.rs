//! Estimates how many guesses a password withstands, and says why it is not more.
//!
//! The scale is that of Wheeler, "zxcvbn: Low-Budget Password Strength Estimation" (USENIX Security
//! 2016): a text covered by m pieces withstands m!·g₁·…·gₘ + 10^(4(m−1)) guesses, and below 10^8 it
//! is within reach of guessing online at scale. From three pieces on, the second term alone reaches
//! that. So a text is easy to guess where one piece or two of them cover it, and it is enough to
//! look at each place where it can be cut: no other cover is searched for.
//!
//! The work grows with the length of the text and no faster, whatever the text: a listed word has
//! [`list::LONGEST`] characters at most and is looked for in [`list::STATES`] spellings side by
//! side, and few prefixes are a repetition of something.

mod date;
mod disguise;
mod keyboard;
mod list;
mod own_words;
mod piece;
mod reason;
mod repetition;
mod sequence;
mod text;

pub use reason::Guessable;
pub(crate) use reason::Part;

pub(crate) use own_words::OwnWords;

use list::List;
use piece::{Piece, Pieces};
use text::Text;

/// Fewer guesses than these are too few.
const ENOUGH: f64 = 1e8;
/// The guesses that a second piece adds, for a guesser does not know where the first one ends.
const SECOND_PIECE: f64 = 1e4;

/// Judges a text that its owner, who has these words, wants for a password.
///
/// # Errors
///
/// [`Guessable`] if it is easy to guess, with the reason.
pub(crate) fn judge(text: &str, own: &OwnWords) -> Result<(), Guessable> {
    Search::new(own).judge(&Text::new(text))
}

/// One judgement.
struct Search<'a> {
    own: &'a OwnWords,
    list: List,
}

/// The cheapest way to guess a text.
struct Cover {
    guesses: f64,
    parts: Guessable,
}

impl<'a> Search<'a> {
    fn new(own: &'a OwnWords) -> Self {
        Self {
            own,
            list: List::open(),
        }
    }

    fn judge(&mut self, text: &Text) -> Result<(), Guessable> {
        // The entire password is compared, however it mixes upper and lower case (NIST SP 800-63B-4
        // §3.1.1.2).
        if self.list.whole(text.lower()).is_some() {
            return Err(Guessable::one(Part::Common));
        }
        if let Some(part) = self.own.whole(text) {
            return Err(Guessable::one(part));
        }
        let cover = self.cover(text, true);
        if cover.guesses < ENOUGH {
            return Err(cover.parts);
        }
        Ok(())
    }

    fn cover(&mut self, text: &Text, repetitions: bool) -> Cover {
        let length = text.len();
        let heads = self.beginnings(text, repetitions);
        let tails = self.beginnings(&text.reversed(), repetitions);
        let whole = heads[length].cheaper(tails[length]);
        let mut best = Cover {
            guesses: whole.guesses,
            parts: Guessable::one(whole.part),
        };
        for cut in 1..length {
            let (head, tail) = (heads[cut], tails[length - cut]);
            let guesses = 2.0 * head.guesses * tail.guesses + SECOND_PIECE;
            if guesses < best.guesses {
                best = Cover {
                    guesses,
                    parts: Guessable::two(head.part, tail.part),
                };
            }
        }
        best
    }

    /// Each beginning of a text as one piece.
    fn beginnings(&mut self, text: &Text, repetitions: bool) -> Pieces {
        let mut pieces = Pieces::unknown(text.len());
        self.listed(text, &mut pieces);
        self.own.beginnings(text, &mut pieces);
        sequence::beginnings(text, &mut pieces);
        keyboard::beginnings(text, &mut pieces);
        date::beginnings(text, &mut pieces);
        if repetitions {
            self.repeated(text, &mut pieces);
        }
        pieces
    }

    fn listed(&mut self, text: &Text, pieces: &mut Pieces) {
        for word in self.list.beginnings(text.lower()) {
            let guesses = word.guesses * text.case(word.length) * text.forwards();
            pieces.offer(word.length, Piece::new(guesses, Part::Common));
        }
        for length in list::SHORTEST..=text.len().min(list::LONGEST) {
            let backwards = text.lower()[..length].iter().rev();
            if let Some(guesses) = self.list.whole(backwards) {
                let guesses = guesses * text.case(length) * text.backwards();
                pieces.offer(length, Piece::new(guesses, Part::Common));
            }
        }
    }

    fn repeated(&mut self, text: &Text, pieces: &mut Pieces) {
        let mut units: Vec<(usize, f64)> = Vec::new();
        for (length, unit) in repetition::beginnings(text.letters()) {
            let known = units.iter().find(|(other, _)| *other == unit);
            let guesses = match known {
                Some((_, guesses)) => *guesses,
                None => {
                    let guesses = self.cover(&text.beginning(unit), false).guesses;
                    units.push((unit, guesses));
                    guesses
                }
            };
            let times = (length / unit) as f64;
            pieces.offer(length, Piece::new(guesses * times, Part::Repetition));
        }
    }
}

#[cfg(test)]
mod tests;
