//! Password hashes with argon2id.

use argon2::Params;
use argon2::password_hash::{self, PasswordVerifier as _, phc};

use super::cost::{BelowFloor, Cost};
use super::kept_argon2::KeptArgon2;
use super::password::Password;
use super::password_hash::PasswordHash;

/// A hash could not be computed or read: a fault of ours, never of a password.
#[derive(Debug, thiserror::Error)]
#[error("password hashing failed: {0}")]
pub struct HashError(password_hash::Error);

impl From<password_hash::Error> for HashError {
    fn from(error: password_hash::Error) -> Self {
        Self(error)
    }
}

/// The result of verifying a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The password is another, or there is none to compare it with.
    Wrong,
    /// The account's password.
    Right,
    /// The account's password, hashed with less work than is asked for now.
    RightButOutdated,
}

/// Hashes and verifies passwords with argon2id (RFC 9106) at a given [`Cost`].
///
/// It keeps the memory of one hash from the first on, or from when it was
/// [prepared](Self::prepare); its clones share it.
#[derive(Clone, Debug)]
pub struct PasswordHasher {
    argon2: KeptArgon2,
}

impl PasswordHasher {
    /// A hasher that works at `cost`.
    ///
    /// # Errors
    ///
    /// [`BelowFloor`] where `cost` is less work than OWASP's minimum.
    pub fn new(cost: Cost) -> Result<Self, BelowFloor> {
        if !cost.is_enough() {
            return Err(BelowFloor(cost));
        }
        let params =
            Params::new(cost.memory_kib, cost.iterations, 1, None).map_err(|_| BelowFloor(cost))?;
        Ok(Self {
            argon2: KeptArgon2::new(params),
        })
    }

    /// Makes the first hash as fast as the others, which takes ten milliseconds: for a function
    /// whose every request hashes, to be called when it starts, on a thread that may wait.
    pub fn prepare(&self) {
        self.argon2.prepare();
    }

    /// Hashes a password with a fresh 16-byte salt.
    ///
    /// It computes for tens of milliseconds without yielding: a function serves one request at a
    /// time, so there is nothing else that a thread of its own would let through.
    ///
    /// # Errors
    ///
    /// [`HashError`] where memory cannot be allocated, or the random number generator fails.
    pub fn hash(&self, password: &Password) -> Result<PasswordHash, HashError> {
        let hash = self.argon2.hash(password.as_str().as_bytes())?;
        Ok(PasswordHash::from_stored(hash.to_string()))
    }

    /// Verifies a password against a stored hash, at the cost that the hash names.
    ///
    /// Without one, for a name that nobody has or an account without a password, it does the work
    /// of one verification at the current cost all the same, so that the time of the answer does
    /// not tell which names exist.
    ///
    /// # Errors
    ///
    /// [`HashError`] where the stored hash cannot be read, or memory cannot be allocated.
    pub fn verify(
        &self,
        password: &Password,
        stored: Option<&PasswordHash>,
    ) -> Result<Verdict, HashError> {
        let Some(stored) = stored else {
            self.hash(password)?;
            return Ok(Verdict::Wrong);
        };
        let stored = phc::PasswordHash::new(stored.as_str()).map_err(password_hash::Error::from)?;
        match self
            .argon2
            .verify_password(password.as_str().as_bytes(), &stored)
        {
            Ok(()) if self.is_outdated(&stored)? => Ok(Verdict::RightButOutdated),
            Ok(()) => Ok(Verdict::Right),
            Err(password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
            Err(error) => Err(error.into()),
        }
    }

    fn is_outdated(&self, stored: &phc::PasswordHash) -> Result<bool, HashError> {
        let (stored, current) = (Params::try_from(stored)?, self.argon2.params());
        Ok(stored.m_cost() < current.m_cost() || stored.t_cost() < current.t_cost())
    }
}

#[cfg(test)]
mod tests {
    use super::super::cost::FLOOR;
    use super::*;

    const CHEAP: Cost = Cost {
        memory_kib: 7_168,
        iterations: 5,
    };
    const DEFAULT: Cost = Cost {
        memory_kib: 19_456,
        iterations: 2,
    };

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    #[test]
    fn a_hash_is_an_argon2id_phc_string_with_its_parameters() {
        let hash = PasswordHasher::new(DEFAULT)
            .unwrap()
            .hash(&password("secret"))
            .unwrap();
        assert!(
            hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            hash.as_str()
        );
        let salt = hash.as_str().split('$').nth(4).unwrap();
        assert_eq!(salt.len(), 22, "16 bytes in base64");
    }

    #[test]
    fn only_the_very_same_password_verifies() {
        let hasher = PasswordHasher::new(CHEAP).unwrap();
        let hash = hasher.hash(&password("Secret phrase\0end")).unwrap();
        assert_eq!(
            hasher
                .verify(&password("Secret phrase\0end"), Some(&hash))
                .unwrap(),
            Verdict::Right
        );
        for near in [
            "secret phrase\0end",
            "Secret phrase",
            "Secret phrase\0",
            " Secret phrase\0end",
            "Secret phrase\0end ",
        ] {
            assert_eq!(
                hasher.verify(&password(near), Some(&hash)).unwrap(),
                Verdict::Wrong,
                "{near:?}"
            );
        }
    }

    #[test]
    fn a_name_that_nobody_has_is_a_wrong_password() {
        let hasher = PasswordHasher::new(CHEAP).unwrap();
        assert_eq!(hasher.verify(&password("x"), None).unwrap(), Verdict::Wrong);
    }

    #[test]
    fn a_hash_of_less_work_is_outdated_and_one_of_more_is_not() {
        let (cheap, dear) = (
            CHEAP,
            Cost {
                memory_kib: 7_168,
                iterations: 6,
            },
        );
        let (cheap, dear) = (
            PasswordHasher::new(cheap).unwrap(),
            PasswordHasher::new(dear).unwrap(),
        );
        let secret = password("secret");
        let (old, new) = (cheap.hash(&secret).unwrap(), dear.hash(&secret).unwrap());
        assert_eq!(
            dear.verify(&secret, Some(&old)).unwrap(),
            Verdict::RightButOutdated
        );
        assert_eq!(cheap.verify(&secret, Some(&new)).unwrap(), Verdict::Right);
        assert_eq!(
            dear.verify(&password("other"), Some(&old)).unwrap(),
            Verdict::Wrong
        );
    }

    #[test]
    fn less_work_than_the_floor_is_refused() {
        for (memory_kib, iterations) in [
            (0, 0),
            (8, 1),
            (19_455, 2),
            (19_456, 1),
            (7_168, 4),
            (7_167, 100),
        ] {
            let cost = Cost {
                memory_kib,
                iterations,
            };
            assert_eq!(PasswordHasher::new(cost).unwrap_err(), BelowFloor(cost));
        }
        for floor in FLOOR {
            assert!(PasswordHasher::new(floor).is_ok());
        }
    }

    #[test]
    fn a_stored_text_that_is_no_hash_never_verifies() {
        let hasher = PasswordHasher::new(CHEAP).unwrap();
        for text in ["", "plain", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv"] {
            let stored = PasswordHash::from_stored(text.to_owned());
            assert!(!matches!(
                hasher.verify(&password("plain"), Some(&stored)),
                Ok(Verdict::Right | Verdict::RightButOutdated)
            ));
        }
    }
}
