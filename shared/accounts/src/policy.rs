use std::ops::RangeInclusive;

use crate::{Names, Password};

/// What a new password must be (NIST SP 800-63B-4 §3.1.1.2): long enough and not easy to guess.
///
/// There are no composition rules. The blocklist is zxcvbn's: some 30,000 passwords from breaches,
/// common words and names, keyboard runs, dates and repetitions, alone, combined and in disguise,
/// to which the account's own names and the product's are added.
#[derive(Clone, Copy, Debug)]
pub struct PasswordPolicy {
    min_length: usize,
}

/// Why a password is refused for a new account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Fewer characters than the policy asks for.
    #[error("must have at least {0} characters")]
    TooShort(usize),
    /// A control character, which many keyboards and forms cannot enter again.
    #[error("must not contain control characters")]
    ControlCharacter,
    /// A guesser would try it early.
    #[error(
        "is too easy to guess: avoid common passwords, words and names, keyboard runs, repetitions and your own name"
    )]
    Guessable,
}

/// Names of the service itself, which people put into passwords for it.
const CONTEXT: [&str; 2] = ["latchkey", "latch"];

impl PasswordPolicy {
    /// The fewest characters that may be asked for: NIST has 8 at least, and more than 64 would refuse
    /// most passphrases.
    pub const MIN_LENGTHS: RangeInclusive<u32> = 8..=64;

    /// A policy that asks for `min_length` characters.
    pub fn new(min_length: usize) -> Self {
        Self { min_length }
    }

    /// Makes the first check as fast as the others, by an estimate that builds tables for tens of
    /// milliseconds: for a function whose every request checks, to be called when it starts, on a
    /// thread that may wait.
    pub fn prepare(self) {
        zxcvbn::zxcvbn("prepare", &[]);
    }

    /// Holds a new password against the policy.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] with the first rule that the password breaks.
    pub fn check(&self, password: &Password, names: &Names) -> Result<(), PolicyError> {
        let text = password.as_str();
        if text.chars().count() < self.min_length {
            return Err(PolicyError::TooShort(self.min_length));
        }
        if text.chars().any(char::is_control) {
            return Err(PolicyError::ControlCharacter);
        }
        let mut own: Vec<&str> = CONTEXT.to_vec();
        own.extend(names.username().map(|username| username.as_str()));
        if let Some(email) = names.email() {
            own.extend([email.as_str(), email.local_part()]);
        }
        // Below three the estimate is under 10^8 guesses: within reach of guessing online at scale.
        if zxcvbn::zxcvbn(text, &own).score() < zxcvbn::Score::Three {
            return Err(PolicyError::Guessable);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Email, Username};

    fn check(min_length: usize, text: &str) -> Result<(), PolicyError> {
        let names = Names::new(
            Username::parse("Velvet.Harbours").ok(),
            Email::parse("orchard-gateway@example.com").ok(),
        );
        PasswordPolicy::new(min_length).check(&Password::parse(text).unwrap(), &names.unwrap())
    }

    #[test]
    fn a_passphrase_needs_no_digits_or_signs() {
        for text in [
            "correct horse battery staple",
            "träge Wolken ziehen vorbei",
            "九月の雨は静かに降りつづける夜のまち",
        ] {
            assert_eq!(check(15, text), Ok(()), "{text}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(check(15, "fjord-wax-quip"), Err(PolicyError::TooShort(15)));
        assert_eq!(check(15, "fjord-wax-quipé"), Ok(()));
        assert_eq!(check(15, "éééééééééééééé"), Err(PolicyError::TooShort(15)));
    }

    #[test]
    fn a_long_password_can_be_too_easy_to_guess() {
        for text in [
            "123456789012345",
            "111111111111111",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "passwordpassword",
            "Password12345678",
            "qwertyuiopasdfg",
            "qwertyuiop12345",
            "iloveyouiloveyou",
            "abcabcabcabcabcabc",
            "abcdefghijklmnop",
            "latchkeylatchkey",
            "velvet.harbours",
            "VELVET.HARBOURS1",
            "orchard-gateway1",
            "orchard-gateway@example.com",
        ] {
            assert_eq!(check(15, text), Err(PolicyError::Guessable), "{text}");
        }
    }

    #[test]
    fn the_most_common_passwords_are_refused_at_the_shortest_length() {
        for text in [
            "password", "12345678", "qwertyui", "football", "baseball", "superman", "trustno1",
            "iloveyou", "1qaz2wsx", "starwars", "passw0rd", "P@ssw0rd", "letmein1", "q1w2e3r4",
            "sunshine", "princess",
        ] {
            assert_eq!(check(8, text), Err(PolicyError::Guessable), "{text}");
        }
    }

    #[test]
    fn control_characters_are_refused() {
        for text in [
            "correct horse\0battery staple",
            "correct horse\nbattery",
            "correct horse\u{7f}battery",
        ] {
            assert_eq!(
                check(15, text),
                Err(PolicyError::ControlCharacter),
                "{text:?}"
            );
        }
    }
}
