//! The text that is judged.

use super::disguise;

/// A text to be guessed, read from its beginning or from its end.
pub(super) struct Text {
    letters: Vec<char>,
    lower: Vec<char>,
    reversed: bool,
}

/// A guesser tries a word as it is written before he tries it backwards.
const BACKWARDS: f64 = 2.0;

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self::of(text.chars().collect())
    }

    fn of(letters: Vec<char>) -> Self {
        Self {
            lower: letters.iter().copied().map(disguise::lower).collect(),
            letters,
            reversed: false,
        }
    }

    /// The same, read from the other end.
    pub(super) fn reversed(&self) -> Self {
        Self {
            letters: self.letters.iter().rev().copied().collect(),
            lower: self.lower.iter().rev().copied().collect(),
            reversed: !self.reversed,
        }
    }

    /// A text of what this one begins with, in the order in which it is written.
    pub(super) fn beginning(&self, length: usize) -> Self {
        let part = self.letters[..length].iter().copied();
        Self::of(if self.reversed {
            part.rev().collect()
        } else {
            part.collect()
        })
    }

    /// Returns the number of its characters.
    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    /// As it was typed.
    pub(super) fn letters(&self) -> &[char] {
        &self.letters
    }

    /// In lower case, with as many characters.
    pub(super) fn lower(&self) -> &[char] {
        &self.lower
    }

    /// Returns the number of spellings in upper and lower case that a guesser tries, to find that
    /// of a beginning.
    pub(super) fn case(&self, length: usize) -> f64 {
        disguise::case(&self.letters[..length])
    }

    /// The factor of a word that stands in this text as it is read.
    pub(super) fn forwards(&self) -> f64 {
        if self.reversed { BACKWARDS } else { 1.0 }
    }

    /// The factor of a word that stands in this text against the way it is read.
    pub(super) fn backwards(&self) -> f64 {
        if self.reversed { 1.0 } else { BACKWARDS }
    }
}
