//! The words of an account and of a service.

use super::disguise::{SUBSTITUTED, lower, stands_for};
use super::piece::{Piece, Pieces};
use super::text::Text;
use super::{Part, list};

/// The words that a guesser tries for one account alone: its names and the name of the service.
#[derive(Default)]
pub(crate) struct OwnWords(Vec<OwnWord>);

struct OwnWord {
    /// In lower case.
    letters: Vec<char>,
    part: Part,
}

impl OwnWords {
    /// Adds a name or a word, the parts that it is made of, and these without what stands between
    /// them. A guesser tries first what was added first.
    pub(crate) fn add(&mut self, text: &str, part: Part) {
        self.add_one(text.chars(), part);
        let mut parts = text.split(|c: char| !c.is_alphanumeric());
        if parts.clone().nth(1).is_some() {
            self.add_one(text.chars().filter(|c| c.is_alphanumeric()), part);
            parts
                .by_ref()
                .for_each(|text| self.add_one(text.chars(), part));
        }
    }

    fn add_one(&mut self, letters: impl Iterator<Item = char>, part: Part) {
        let letters: Vec<char> = letters.map(lower).collect();
        if letters.len() >= list::SHORTEST {
            self.0.push(OwnWord { letters, part });
        }
    }

    /// Judges a text that is, as a whole, one of these words.
    pub(super) fn whole(&self, text: &Text) -> Option<Part> {
        let found = self.0.iter().find(|word| {
            word.letters.len() == text.len() && word.is_like(text.lower().iter()).is_some()
        });
        found.map(|word| word.part)
    }

    /// Offers each of these words that a text begins with, as it is or backwards.
    pub(super) fn beginnings(&self, text: &Text, pieces: &mut Pieces) {
        for (index, word) in self.0.iter().enumerate() {
            let length = word.letters.len();
            let Some(beginning) = text.lower().get(..length) else {
                continue;
            };
            let directions = [
                (word.is_like(beginning.iter()), text.forwards()),
                (word.is_like(beginning.iter().rev()), text.backwards()),
            ];
            for (like, direction) in directions {
                if let Some(disguise) = like {
                    let guesses = (index + 1) as f64 * disguise * direction * text.case(length);
                    pieces.offer(length, Piece::new(guesses, word.part));
                }
            }
        }
    }
}

impl OwnWord {
    /// The factor for the characters that stand for letters, where a text of this length is the
    /// word.
    fn is_like<'a>(&self, text: impl Iterator<Item = &'a char>) -> Option<f64> {
        let mut factor = 1.0;
        for (character, letter) in text.zip(&self.letters) {
            if character != letter {
                if !stands_for(*character).contains(letter) {
                    return None;
                }
                factor = SUBSTITUTED;
            }
        }
        Some(factor)
    }
}
