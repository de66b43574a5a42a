//! Walks over the keyboard in a password.

use super::Part;
use super::piece::{Piece, Pieces};
use super::text::Text;

/// The fewest keys that are taken for a run along the keyboard.
const SHORTEST: usize = 4;
/// The keys that a run can start at, and in how many directions it goes on, on average.
const KEYS: f64 = 47.0;
const NEIGHBOURS: f64 = 4.6;

/// The rows of a US keyboard, without and with shift, and how far each is to the right of the
/// first, in quarters of a key.
const ROWS: [(&str, &str, i32); 4] = [
    ("`1234567890-=", "~!@#$%^&*()_+", 0),
    ("qwertyuiop[]\\", "QWERTYUIOP{}|", 2),
    ("asdfghjkl;'", "ASDFGHJKL:\"", 3),
    ("zxcvbnm,./", "ZXCVBNM<>?", 5),
];

/// Where a key is: its row, and its place in quarters of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    row: i32,
    place: i32,
}

/// Offers each beginning that follows the keyboard from a key to the next; the more often it turns,
/// the dearer.
pub(super) fn beginnings(text: &Text, pieces: &mut Pieces) {
    let mut keys = text.letters().iter().map_while(|letter| key(*letter));
    let Some(mut last) = keys.next() else {
        return;
    };
    let (mut way, mut turns) = (None, 1);
    for (index, key) in keys.enumerate() {
        if key != last {
            let Some(next) = direction(last, key) else {
                return;
            };
            turns += i32::from(way.is_some_and(|way| way != next));
            way = Some(next);
        }
        last = key;
        let length = index + 2;
        if length >= SHORTEST {
            let guesses = KEYS * length as f64 * NEIGHBOURS.powi(turns);
            pieces.offer(length, Piece::new(guesses, Part::Keyboard));
        }
    }
}

fn key(letter: char) -> Option<Key> {
    ROWS.iter()
        .zip(0..)
        .find_map(|((plain, shifted, offset), row)| {
            let index = plain.find(letter).or_else(|| shifted.find(letter))?;
            let place = i32::try_from(index).ok()? * 4 + offset;
            Some(Key { row, place })
        })
}

/// Up, down or along, and to which side, where the keys are beside each other.
fn direction(from: Key, to: Key) -> Option<(i32, bool)> {
    let (rows, places) = (to.row - from.row, to.place - from.place);
    (rows.abs() <= 1 && places.abs() <= 4).then_some((rows, places > 0))
}
