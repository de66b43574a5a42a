//! The challenges that passkeys sign.

use std::fmt;

use aws_lc_rs::rand;

use crate::refresh::KeyUse;
use crate::sessions::NoRandomness;
use crate::{MacKey, MacKeys, NoMacKey, Timestamp, UserId};

/// A challenge for a passkey (WebAuthn Level 3, §13.4.3): 49 bytes that we made not long ago.
///
/// It proves itself, so that nothing is stored when one is given out: every view of a page that
/// offers passkeys asks for one. It is the purpose (1 byte), the time of its expiry (8), a nonce
/// (16), the name of a MAC key (8) and an HMAC-SHA-256 tag over all of it (16) by a key that has no
/// other use. An answer to it would verify again and again: whoever accepts one stores
/// [`Challenge::row_key`] in the transaction that the answer causes, on the condition that it is not
/// there. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge([u8; Challenge::LEN]);

/// The use of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeUse {
    /// To prove an identity, in a sign-in or later: whoever can answer could have signed in with it.
    Login,
    /// To add a passkey to this account and to no other.
    Registration(UserId),
}

/// Why no challenge could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeError {
    /// No MAC key is active.
    #[error(transparent)]
    Key(#[from] NoMacKey),
    /// The random number generator failed.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

const NONCE: usize = 16;
const TAG: usize = 16;
const NONCE_AT: usize = 1 + size_of::<Timestamp>();
const KEY_AT: usize = NONCE_AT + NONCE;
const TAG_AT: usize = KEY_AT + MacKey::ID_LEN;

impl ChallengeUse {
    const fn byte(self) -> u8 {
        match self {
            Self::Login => 1,
            Self::Registration(_) => 2,
        }
    }

    /// Returns the bytes that the tag is over. The lengths of both uses differ, and so does their
    /// first byte.
    fn tagged(self, message: &[u8]) -> Vec<u8> {
        let account = match &self {
            Self::Login => &[][..],
            Self::Registration(user_id) => user_id.as_bytes(),
        };
        [message, account].concat()
    }
}

impl Challenge {
    /// The number of its bytes.
    pub const LEN: usize = TAG_AT + TAG;

    /// The time for which it may be answered, in seconds. It is the time-out that a browser is told,
    /// too.
    pub const LIFE: u64 = 300;

    /// Makes a challenge for that use.
    ///
    /// # Errors
    ///
    /// [`ChallengeError`].
    pub fn issue(to: ChallengeUse, keys: &MacKeys, now: Timestamp) -> Result<Self, ChallengeError> {
        let key = keys.at(now).ok_or(NoMacKey)?;
        let mut bytes = [0; Self::LEN];
        let (message, tag) = bytes.split_at_mut(TAG_AT);
        message[0] = to.byte();
        message[1..NONCE_AT].copy_from_slice(&now.saturating_add(Self::LIFE).to_be_bytes());
        rand::fill(&mut message[NONCE_AT..KEY_AT]).map_err(|_| NoRandomness)?;
        message[KEY_AT..].copy_from_slice(key.id());
        let made = key.tag_for(KeyUse::Challenge, &to.tagged(message));
        tag.copy_from_slice(&made.as_ref()[..TAG]);
        Ok(Self(bytes))
    }

    /// Takes bytes for a challenge of that use that may still be answered; `None` where they are
    /// malformed, forged, expired or of another use, or their MAC key is retired.
    pub fn verify(bytes: &[u8], to: ChallengeUse, keys: &MacKeys, now: Timestamp) -> Option<Self> {
        let bytes: [u8; Self::LEN] = bytes.try_into().ok()?;
        let challenge = Self(bytes);
        let (message, tag) = bytes.split_last_chunk::<TAG>()?;
        let key = keys.find(&message[KEY_AT..], now)?;
        let is_ours = key.verifies_half(KeyUse::Challenge, &to.tagged(message), tag);
        let counts = is_ours && message[0] == to.byte() && now < challenge.expires_at();
        counts.then_some(challenge)
    }

    /// Its bytes, as the browser gets them.
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// The time from which no answer to it counts.
    pub fn expires_at(&self) -> Timestamp {
        let [_, a, b, c, d, e, f, g, h, ..] = self.0;
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// The key of the row that says that it was answered: `challenge#` and the nonce in 32
    /// hexadecimal digits.
    pub fn row_key(&self) -> String {
        let nonce = self.0[NONCE_AT..KEY_AT].iter();
        nonce.fold("challenge#".to_owned(), |text, byte| {
            format!("{text}{byte:02x}")
        })
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Challenge(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MacKeyTimes;

    fn keys(ids: &[(u64, Timestamp, Option<Timestamp>)]) -> MacKeys {
        let key = |&(id, signs_from, gone_at)| {
            let times = MacKeyTimes {
                id: format!("{id:016x}"),
                signs_from,
                gone_at,
            };
            MacKey::new(times, &[u8::try_from(id).unwrap(); 32]).unwrap()
        };
        ids.iter().map(key).collect()
    }

    fn uses() -> [ChallengeUse; 3] {
        [
            ChallengeUse::Login,
            ChallengeUse::Registration(UserId::generate()),
            ChallengeUse::Registration(UserId::generate()),
        ]
    }

    #[test]
    fn a_challenge_is_of_one_use_and_one_account_until_it_expires() {
        let keys = keys(&[(7, 100, None)]);
        let uses = uses();
        for to in uses {
            let issued = Challenge::issue(to, &keys, 1_000).unwrap();
            assert_eq!(issued.expires_at(), 1_300);
            let bytes = issued.as_bytes();
            for other in uses {
                let verified = Challenge::verify(bytes, other, &keys, 1_299);
                assert_eq!(verified.is_some(), other == to, "{to:?} {other:?}");
            }
            assert_eq!(
                Challenge::verify(bytes, to, &keys, 1_000),
                Some(issued.clone())
            );
            assert_eq!(Challenge::verify(bytes, to, &keys, 1_300), None);
        }
    }

    #[test]
    fn any_change_of_any_bit_is_refused_and_so_is_another_length() {
        let keys = keys(&[(7, 100, None)]);
        for to in uses() {
            let issued = Challenge::issue(to, &keys, 1_000).unwrap();
            let bytes = issued.as_bytes();
            for index in 0..bytes.len() {
                for bit in 0..8 {
                    let mut forged = *bytes;
                    forged[index] ^= 1 << bit;
                    let verified = Challenge::verify(&forged, to, &keys, 1_000);
                    assert_eq!(verified, None, "{index}.{bit}");
                }
            }
            for length in 0..bytes.len() {
                assert_eq!(Challenge::verify(&bytes[..length], to, &keys, 1_000), None);
            }
            let longer = [&bytes[..], &[0]].concat();
            assert_eq!(Challenge::verify(&longer, to, &keys, 1_000), None);
        }
    }

    #[test]
    fn the_key_of_its_time_makes_it_and_a_retired_one_does_not_count() {
        let ring = keys(&[(7, 100, None), (8, 1_010, None)]);
        let to = ChallengeUse::Login;
        assert_eq!(
            Challenge::issue(to, &ring, 99),
            Err(ChallengeError::Key(NoMacKey))
        );
        let first = Challenge::issue(to, &ring, 1_009).unwrap();
        let second = Challenge::issue(to, &ring, 1_010).unwrap();
        assert!(Challenge::verify(first.as_bytes(), to, &ring, 1_020).is_some());
        let retired = keys(&[(7, 100, Some(1_015)), (8, 1_010, None)]);
        assert_eq!(
            Challenge::verify(first.as_bytes(), to, &retired, 1_015),
            None
        );
        assert!(Challenge::verify(second.as_bytes(), to, &retired, 1_015).is_some());
    }

    #[test]
    fn each_has_a_row_of_its_own_and_shows_nothing() {
        let keys = keys(&[(7, 100, None)]);
        let issue = || Challenge::issue(ChallengeUse::Login, &keys, 1_000).unwrap();
        let (one, other) = (issue(), issue());
        assert_ne!(one.row_key(), other.row_key());
        assert_eq!(one.row_key().len(), "challenge#".len() + 32);
        assert_eq!(format!("{one:?}"), "Challenge(…)");
    }
}
