//! The list of common passwords and words.

use fst::raw::{Fst, Output};

use super::disguise::{SUBSTITUTED, stands_for};

/// The map that build.rs makes: words in lower case, with four times the binary logarithm of their
/// rank.
static MAP: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/passwords.fst"));

/// The fewest characters of a listed word.
pub(super) const SHORTEST: usize = 3;
/// The most characters of a listed word.
pub(super) const LONGEST: usize = 40;
/// In how many spellings a text is looked up side by side. Of 30,000 listed words with every letter
/// replaced that can be, none needs more.
pub(super) const STATES: usize = 32;

/// Passwords, words and names that guessers try first.
pub(super) struct List {
    map: Fst<&'static [u8]>,
    /// Lookups of one character in one spelling, of which the work of a judgement consists.
    pub(super) steps: usize,
}

/// A listed word that a text begins with.
pub(super) struct Listed {
    pub(super) length: usize,
    pub(super) guesses: f64,
}

/// Where a spelling has led in the map.
#[derive(Clone, Copy)]
struct State {
    node: usize,
    rank: Output,
    substituted: bool,
}

impl List {
    pub(super) fn open() -> Self {
        Self {
            map: Fst::new(MAP).expect("build.rs has written it"),
            steps: 0,
        }
    }

    /// The guesses for the whole of a text in lower case, where that is a listed word.
    pub(super) fn whole<'a>(
        &mut self,
        letters: impl IntoIterator<Item = &'a char, IntoIter: ExactSizeIterator>,
    ) -> Option<f64> {
        let letters = letters.into_iter();
        let length = letters.len();
        let words = self.beginnings(letters);
        let whole = words.iter().filter(|word| word.length == length);
        whole.map(|word| word.guesses).reduce(f64::min)
    }

    /// Every listed word that a text in lower case begins with, as it is and with characters that
    /// stand for letters.
    pub(super) fn beginnings<'a>(
        &mut self,
        letters: impl IntoIterator<Item = &'a char>,
    ) -> Vec<Listed> {
        let mut found = Vec::new();
        let mut states = vec![State {
            node: self.map.root().addr(),
            rank: Output::zero(),
            substituted: false,
        }];
        for (index, letter) in letters.into_iter().take(LONGEST).enumerate() {
            states = self.after(&states, *letter);
            if states.is_empty() {
                break;
            }
            found.extend(states.iter().filter_map(|state| {
                let guesses = self.guesses(*state)?;
                Some(Listed {
                    length: index + 1,
                    guesses,
                })
            }));
        }
        found
    }

    /// Where one more character leads. The text as it is written comes first and is never among
    /// those that are dropped.
    fn after(&mut self, states: &[State], letter: char) -> Vec<State> {
        let mut next: Vec<State> = Vec::with_capacity(states.len());
        for state in states {
            let substitutes = stands_for(letter).iter().map(|other| (*other, true));
            for (letter, substituted) in
                [(letter, state.substituted)].into_iter().chain(substitutes)
            {
                self.steps += 1;
                let Some(reached) = self.step(*state, letter, substituted) else {
                    continue;
                };
                if let Some(other) = next.iter_mut().find(|other| other.node == reached.node) {
                    *other = reached.cheaper(*other);
                } else if next.len() < STATES {
                    next.push(reached);
                }
            }
        }
        next
    }

    fn step(&self, from: State, letter: char, substituted: bool) -> Option<State> {
        let mut node = self.map.node(from.node);
        let mut rank = from.rank;
        for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
            let transition = node.transition(node.find_input(byte)?);
            rank = rank.cat(transition.out);
            node = self.map.node(transition.addr);
        }
        Some(State {
            node: node.addr(),
            rank,
            substituted,
        })
    }

    fn guesses(&self, state: State) -> Option<f64> {
        let node = self.map.node(state.node);
        let rank = node
            .is_final()
            .then(|| state.rank.cat(node.final_output()))?;
        let guesses = 2f64.powf(rank.value() as f64 / 4.0);
        Some(if state.substituted {
            guesses * SUBSTITUTED
        } else {
            guesses
        })
    }
}

impl State {
    /// The cheaper of two ways to one node: what follows is the same for both.
    fn cheaper(self, other: Self) -> Self {
        let key = |state: &Self| (state.substituted, state.rank.value());
        std::cmp::min_by_key(self, other, key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Option<f64> {
        List::open().whole(&text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn a_word_is_found_whole_or_not_at_all() {
        assert!(whole("password").is_some());
        assert!(whole("привет").is_some());
        for text in ["", "geraniu", "password ", "привет!"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn characters_that_stand_for_letters_cost_a_factor() {
        assert_eq!(
            whole("|3tme1n"),
            whole("letmein").map(|guesses| guesses * 2.0)
        );
    }

    #[test]
    fn a_common_word_costs_less_than_a_rare_one() {
        let guesses = |text| whole(text).expect(text);
        assert!(guesses("password") * 100.0 < guesses("geranium"));
    }

    #[test]
    fn no_listed_word_is_longer_or_shorter_than_is_looked_for() {
        let text = include_str!("../../words/passwords.tsv");
        let words: Vec<_> = text
            .lines()
            .filter_map(|line| line.split('\t').next())
            .collect();
        let lengths = || words.iter().map(|word| word.chars().count());
        assert!(words.len() > 100_000);
        assert!(lengths().min() >= Some(SHORTEST) && lengths().max() <= Some(LONGEST));
    }
}
