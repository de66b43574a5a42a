//! A piece of a password, with the guesses that it takes.

use std::ops::Index;

use super::Part;

/// A part of a text, with the guesses that it takes.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) guesses: f64,
    pub(super) part: Part,
}

impl Piece {
    pub(super) fn new(guesses: f64, part: Part) -> Self {
        Self { guesses, part }
    }

    pub(super) fn cheaper(self, other: Self) -> Self {
        if other.guesses < self.guesses {
            other
        } else {
            self
        }
    }
}

/// The cheapest piece for each length of a beginning.
pub(super) struct Pieces(Vec<Piece>);

impl Pieces {
    /// Pieces of which nothing is known: ten guesses a character, and eleven for one alone, so that
    /// two pieces of one character never cost less than one of two.
    pub(super) fn unknown(length: usize) -> Self {
        let unknown = |length| match length {
            1 => 11.0,
            _ => 10f64.powi(i32::try_from(length).unwrap_or(i32::MAX)),
        };
        let piece = |length| Piece::new(unknown(length), Part::Characters);
        Self((0..=length).map(piece).collect())
    }

    /// Takes this piece for a beginning of that length, if it is cheaper.
    pub(super) fn offer(&mut self, length: usize, piece: Piece) {
        self.0[length] = self.0[length].cheaper(piece);
    }
}

impl Index<usize> for Pieces {
    type Output = Piece;

    fn index(&self, length: usize) -> &Piece {
        &self.0[length]
    }
}
