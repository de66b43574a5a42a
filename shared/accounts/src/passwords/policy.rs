//! The policy for new passwords.

use std::ops::RangeInclusive;

use crate::guess::{self, Guessable, OwnWords, Part};
use crate::{Names, Password, PasswordWords};

/// The policy for new passwords (NIST SP 800-63B-4 §3.1.1.2): long enough and not easy to guess.
///
/// There are no composition rules. Easy to guess is what is made of one or two things that a
/// guesser tries early: passwords, words and names that many people use, the account's own names,
/// the words of the service, runs along the keyboard or the alphabet, dates and repetitions, in
/// upper or lower case, backwards, and with characters that stand for letters.
#[derive(Clone, Debug)]
pub struct PasswordPolicy {
    min_length: usize,
    words: PasswordWords,
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
    #[error(transparent)]
    Guessable(#[from] Guessable),
}

/// The name of the service itself, which people put into passwords for it.
const SERVICE: [&str; 2] = ["latchkey", "latch"];

impl PasswordPolicy {
    /// The fewest characters that may be asked for: NIST has 8 at least, and more than 64 would
    /// refuse most passphrases.
    pub const MIN_LENGTHS: RangeInclusive<u32> = 8..=64;

    /// A policy that asks for `min_length` characters and takes these words for ones that a guesser
    /// tries early.
    pub fn new(min_length: usize, words: PasswordWords) -> Self {
        Self { min_length, words }
    }

    /// Checks the length, and that there is no control character.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] with the first rule that the password breaks, other than
    /// [`PolicyError::Guessable`].
    pub fn check_form(&self, password: &Password) -> Result<(), PolicyError> {
        let text = password.as_str();
        if text.chars().count() < self.min_length {
            return Err(PolicyError::TooShort(self.min_length));
        }
        if text.chars().any(char::is_control) {
            return Err(PolicyError::ControlCharacter);
        }
        Ok(())
    }

    /// Checks that the password of an account with these names is not easy to guess.
    ///
    /// This takes 2 ms at most for any 256 characters: a request is counted before it.
    ///
    /// # Errors
    ///
    /// [`Guessable`] with the reason.
    pub fn check_guessing(&self, password: &Password, names: &Names) -> Result<(), Guessable> {
        guess::judge(password.as_str(), &self.own_words(Some(names)))
    }

    /// Checks that a password is not easy to guess, whosesoever it is: where the account is not
    /// known yet.
    ///
    /// This takes 2 ms at most for any 256 characters.
    ///
    /// # Errors
    ///
    /// [`Guessable`] with the reason.
    pub fn check_guessing_by_anybody(&self, password: &Password) -> Result<(), Guessable> {
        guess::judge(password.as_str(), &self.own_words(None))
    }

    /// Checks a new password by all rules.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] with the first rule that the password breaks.
    pub fn check(&self, password: &Password, names: &Names) -> Result<(), PolicyError> {
        self.check_form(password)?;
        Ok(self.check_guessing(password, names)?)
    }

    fn own_words(&self, names: Option<&Names>) -> OwnWords {
        let mut own = OwnWords::default();
        if let Some(username) = names.and_then(Names::username) {
            own.add(username.as_str(), Part::Name);
        }
        if let Some(email) = names.and_then(Names::email) {
            own.add(email.local_part(), Part::Name);
            own.add(email.as_str(), Part::Name);
        }
        for word in SERVICE.into_iter().chain(self.words.iter()) {
            own.add(word, Part::Service);
        }
        own
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
        let words = PasswordWords::parse("Roadrunner, Acme Corp").unwrap();
        let password = Password::parse(text).unwrap();
        PasswordPolicy::new(min_length, words).check(&password, &names.unwrap())
    }

    fn assert_guessable(min_length: usize, text: &str, reason: &str) {
        match check(min_length, text) {
            Err(PolicyError::Guessable(found)) => assert_eq!(found.to_string(), reason, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
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
        for (text, reason) in [
            ("123456789012345", "is a common password"),
            ("111111111111111", "is a common password"),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "repeats itself"),
            ("passwordpassword", "is a common password"),
            ("Password12345678", "is made of two common words"),
            ("qwertyuiopasdfg", "is a common password"),
            ("qwertyuiop12345", "is a common password"),
            ("iloveyouiloveyou", "repeats itself"),
            ("abcabcabcabcabcabc", "repeats itself"),
            ("abcdefghijklmnop", "is a common password"),
            ("latchkeylatchkey", "repeats itself"),
            ("velvet.harbours", "is your name"),
            (
                "VELVET.HARBOURS1",
                "is made of your name and a few characters",
            ),
            (
                "orchard-gateway1",
                "is made of your name and a few characters",
            ),
            ("orchard-gateway@example.com", "is your name"),
        ] {
            assert_guessable(15, text, reason);
        }
    }

    #[test]
    fn the_words_of_an_account_and_of_its_service_are_known_in_parts() {
        for (text, reason) in [
            (
                "velvetharbours!",
                "is made of your name and a few characters",
            ),
            ("HARBOURSexample", "is made of your names"),
            ("orchardexample", "is made of your names"),
            (
                "ACMECORProadrunner",
                "is made of two words that belong to this service",
            ),
            (
                "4cmec0rp2024",
                "is made of a word that belongs to this service and a date",
            ),
            (
                "roadrunnerlatchkey",
                "is made of two words that belong to this service",
            ),
            ("rennurdaor", "is a word that belongs to this service"),
        ] {
            assert_guessable(8, text, reason);
        }
    }

    #[test]
    fn a_password_is_judged_before_its_account_is_known() {
        let policy = PasswordPolicy::new(15, PasswordWords::parse("Acme").unwrap());
        let check = |text| policy.check_guessing_by_anybody(&Password::parse(text).unwrap());
        assert_eq!(check("velvet.harbours"), Ok(()));
        assert!(check("acmeacmeacmeacme").is_err());
        assert!(check("123456789012345").is_err());
    }

    #[test]
    fn the_most_common_passwords_are_refused_at_the_shortest_length() {
        for text in [
            "password", "12345678", "qwertyui", "football", "baseball", "superman", "trustno1",
            "iloveyou", "1qaz2wsx", "starwars", "passw0rd", "P@ssw0rd", "letmein1", "q1w2e3r4",
            "sunshine", "princess",
        ] {
            assert_guessable(8, text, "is a common password");
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
