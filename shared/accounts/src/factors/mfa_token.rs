//! The token between a right password and a second factor.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::refresh::KeyUse;
use crate::sessions::NoRandomness;
use crate::{
    AuthMethod, Epoch, MacKey, MacKeys, Methods, NoMacKey, Owner, SessionId, Status, Timestamp,
    User, UserId,
};

/// A token of somebody who has shown a password, or another first method, and no second factor yet.
///
/// It proves itself: nothing is stored when it is issued, and it may come more than once. What
/// counts once is the code, the recovery code or the challenge that comes with it. As text it is
/// opaque to clients: a prefix, and base64url of the fields here, the name of a MAC key, a nonce and
/// an HMAC-SHA-256 tag over all of it by a key that has no other use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MfaToken {
    /// The step that it permits.
    pub purpose: MfaPurpose,
    /// The account, at the epoch of the login that was verified: a password that was changed
    /// meanwhile ends it.
    pub owner: Owner,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// The methods that were shown so far.
    pub methods: Methods,
    /// The session of the `device_token` that came with the password. Its place and its allowance
    /// go on to the second step.
    pub device: Option<SessionId>,
}

/// The purposes of an [`MfaToken`]. Each route takes one of them and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MfaPurpose {
    /// To show a second factor, and sign in.
    SignIn,
    /// To enrol the first factor of an account that must have one.
    Enrol,
}

const PREFIX: &str = "latchkey_mfa_";
const ID: usize = 16;
const NONCE: usize = 16;
const MESSAGE: usize = 1 + MacKey::ID_LEN + ID + 8 + 8 + 1 + ID + NONCE;
const TAG: usize = 32;

/// The bits of the methods that a sign-in begins with.
const FIRST_METHODS: [(u8, AuthMethod); 3] = [
    (1, AuthMethod::PASSWORD),
    (2, AuthMethod::EMAIL),
    (4, AuthMethod::FEDERATED),
];

impl MfaPurpose {
    /// The time for which a token is valid, in seconds.
    pub const fn life(self) -> u64 {
        match self {
            Self::SignIn => 300,
            Self::Enrol => 600,
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::SignIn => 1,
            Self::Enrol => 2,
        }
    }

    const fn of_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::SignIn),
            2 => Some(Self::Enrol),
            _ => None,
        }
    }
}

impl MfaToken {
    /// Returns whether a text has the prefix of these tokens, which nothing else begins with.
    pub fn looks_like(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// Returns the text of the token, tagged with the MAC key that was active when it was issued.
    ///
    /// # Errors
    ///
    /// [`MfaTokenError`].
    pub fn to_text(&self, keys: &MacKeys) -> Result<Zeroizing<String>, MfaTokenError> {
        let key = keys.at(self.issued_at).ok_or(NoMacKey)?;
        let mut nonce = [0; NONCE];
        rand::fill(&mut nonce).map_err(|_| NoRandomness)?;
        let mut bytes = Vec::with_capacity(MESSAGE + TAG);
        bytes.push(self.purpose.byte());
        bytes.extend_from_slice(key.id());
        bytes.extend_from_slice(self.owner.user_id.as_bytes());
        bytes.extend_from_slice(&u64::from(self.owner.epoch).to_be_bytes());
        bytes.extend_from_slice(&self.issued_at.to_be_bytes());
        bytes.push(bits(&self.methods));
        let device = self.device.as_ref().map(SessionId::as_bytes);
        bytes.extend_from_slice(device.unwrap_or(&[0; ID]));
        bytes.extend_from_slice(&nonce);
        let tag = key.tag_for(KeyUse::Mfa, &bytes);
        bytes.extend_from_slice(tag.as_ref());
        let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes));
        Ok(Zeroizing::new(format!("{PREFIX}{}", encoded.as_str())))
    }

    /// Takes a text for a token of that purpose that is valid now; `None` where it is malformed,
    /// forged, expired or of another purpose, or its MAC key is retired.
    pub fn parse(text: &str, purpose: MfaPurpose, keys: &MacKeys, now: Timestamp) -> Option<Self> {
        let encoded = text.strip_prefix(PREFIX)?;
        let mut bytes = [0; MESSAGE + TAG];
        // A longer text does not fit the buffer and is refused without being decoded.
        let length = URL_SAFE_NO_PAD.decode_slice(encoded, &mut bytes).ok()?;
        let (message, tag) = bytes.get(..length)?.split_at_checked(MESSAGE)?;
        let (&[first], rest) = message.split_first_chunk::<1>()?;
        let (key, rest) = rest.split_first_chunk::<{ MacKey::ID_LEN }>()?;
        if !keys.find(key, now)?.verifies_for(KeyUse::Mfa, message, tag) {
            return None;
        }
        let (user_id, rest) = rest.split_first_chunk::<ID>()?;
        let (epoch, rest) = rest.split_first_chunk()?;
        let (issued_at, rest) = rest.split_first_chunk()?;
        let (&[methods], rest) = rest.split_first_chunk::<1>()?;
        let (device, _) = rest.split_first_chunk::<ID>()?;
        let token = Self {
            purpose: MfaPurpose::of_byte(first)?,
            owner: Owner {
                user_id: UserId::from_bytes(*user_id),
                epoch: Epoch::from(u64::from_be_bytes(*epoch)),
            },
            issued_at: u64::from_be_bytes(*issued_at),
            methods: of_bits(methods),
            device: (device != &[0; ID]).then(|| SessionId::from_bytes(*device)),
        };
        (token.purpose == purpose && now < token.expires_at()).then_some(token)
    }

    /// Returns whether it still counts for its account, as that is now: the account is active, and
    /// has not ended its sessions since the first factor was shown.
    pub fn counts_for(&self, user: &User) -> bool {
        self.owner == user.owner() && user.status == Status::Active
    }

    /// When it expires.
    pub fn expires_at(&self) -> Timestamp {
        self.issued_at.saturating_add(self.purpose.life())
    }
}

/// Why no text of a token could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MfaTokenError {
    /// No MAC key was active.
    #[error(transparent)]
    Key(#[from] NoMacKey),
    /// The random number generator failed.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

fn bits(methods: &Methods) -> u8 {
    let shown = FIRST_METHODS.iter();
    let shown = shown.filter(|(_, method)| methods.contains(method));
    shown.fold(0, |bits, (bit, _)| bits | bit)
}

fn of_bits(bits: u8) -> Methods {
    let shown = FIRST_METHODS.into_iter();
    let shown = shown.filter(|(bit, _)| bits & bit != 0);
    Methods::from(Vec::from_iter(shown.map(|(_, method)| method)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MacKeyTimes;

    fn keys() -> MacKeys {
        let times = MacKeyTimes {
            id: format!("{:016x}", 7),
            signs_from: 100,
            gone_at: None,
        };
        [MacKey::new(times, &[7; 32]).unwrap()]
            .into_iter()
            .collect()
    }

    fn token(purpose: MfaPurpose) -> MfaToken {
        MfaToken {
            purpose,
            owner: Owner {
                user_id: UserId::generate(),
                epoch: 3.into(),
            },
            issued_at: 1_000,
            methods: AuthMethod::PASSWORD.into(),
            device: Some(SessionId::generate()),
        }
    }

    #[test]
    fn a_token_is_read_as_it_was_written_for_its_purpose_and_its_time() {
        use MfaPurpose::{Enrol, SignIn};
        let keys = keys();
        for (purpose, other, life) in [(SignIn, Enrol, 300), (Enrol, SignIn, 600)] {
            for device in [None, Some(SessionId::generate())] {
                let token = MfaToken {
                    device,
                    ..token(purpose)
                };
                let text = token.to_text(&keys).unwrap();
                assert!(
                    MfaToken::looks_like(&text) && text.len() == 155,
                    "{}",
                    text.len()
                );
                let read = |purpose, now| MfaToken::parse(&text, purpose, &keys, now);
                assert_eq!(read(purpose, 1_000 + life - 1).as_ref(), Some(&token));
                assert_eq!(read(purpose, 1_000 + life), None);
                assert_eq!(read(other, 1_000), None);
                assert_ne!(*token.to_text(&keys).unwrap(), *text, "the nonce");
            }
        }
    }

    #[test]
    fn any_change_of_any_bit_is_refused() {
        let keys = keys();
        let text = token(MfaPurpose::SignIn).to_text(&keys).unwrap();
        let read = |text: &str| MfaToken::parse(text, MfaPurpose::SignIn, &keys, 1_000);
        let bytes = URL_SAFE_NO_PAD.decode(&text[PREFIX.len()..]).unwrap();
        for index in 0..bytes.len() {
            for bit in 0..8 {
                let mut forged = bytes.clone();
                forged[index] ^= 1 << bit;
                let forged = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(&forged));
                assert_eq!(read(&forged), None, "{index}.{bit}");
            }
        }
        for length in 0..text.len() {
            assert_eq!(read(&text[..length]), None);
        }
        for other in [format!("{}A", *text), text.repeat(2), text[13..].to_owned()] {
            assert_eq!(read(&other), None);
        }
        assert_eq!(read(&"x".repeat(100_000)), None);
    }

    #[test]
    fn the_first_methods_are_kept() {
        let keys = keys();
        for method in [
            AuthMethod::PASSWORD,
            AuthMethod::EMAIL,
            AuthMethod::FEDERATED,
        ] {
            let token = MfaToken {
                methods: method.into(),
                ..token(MfaPurpose::SignIn)
            };
            let text = token.to_text(&keys).unwrap();
            let read = MfaToken::parse(&text, MfaPurpose::SignIn, &keys, 1_000).unwrap();
            assert_eq!(read.methods, token.methods);
        }
    }
}
