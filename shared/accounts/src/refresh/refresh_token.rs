//! Refresh tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::mac_keys::MacKey;
use crate::{Generation, MacKeys, Session, SessionId, SessionSecret, Timestamp, UserId};

/// The contents of a refresh token: a session, and which use of it the token is for.
///
/// As text it is opaque to clients: a fixed prefix, by which scanners for secrets find a leak, and
/// base64url of the fields here, the name of a MAC key, and an HMAC-SHA-256 tag over all of it. A
/// forged token is therefore refused before anything is read; a stolen table mints nothing, for it
/// has the secrets' hashes alone, and a stolen MAC key mints nothing without a secret.
#[derive(Clone, Debug)]
pub struct RefreshToken {
    /// Whose session it is of.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// The generation of the session when this token was issued.
    pub generation: Generation,
    /// The session's secret.
    pub secret: SessionSecret,
}

/// No MAC key was active at the time of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no MAC key of the ring was active at that time")]
pub struct NoMacKey;

const PREFIX: &str = "latchkey_rt_";
const ID: usize = 16;
const MESSAGE: usize = MacKey::ID_LEN + ID + ID + size_of::<u64>() + SessionSecret::LEN;
const TAG: usize = 32;

impl RefreshToken {
    /// The first token of a session that has just begun with this secret.
    #[must_use]
    pub fn first(session: &Session, secret: SessionSecret) -> Self {
        Self {
            user_id: session.owner.user_id,
            session_id: session.id,
            generation: session.generation,
            secret,
        }
    }

    /// Returns the text of the token, tagged with the MAC key that was active at `time`.
    ///
    /// # Errors
    ///
    /// [`NoMacKey`] if no key was active.
    pub fn to_text(&self, keys: &MacKeys, time: Timestamp) -> Result<Zeroizing<String>, NoMacKey> {
        let key = keys.at(time).ok_or(NoMacKey)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(MESSAGE + TAG));
        bytes.extend_from_slice(key.id());
        bytes.extend_from_slice(self.user_id.as_bytes());
        bytes.extend_from_slice(self.session_id.as_bytes());
        bytes.extend_from_slice(&u64::from(self.generation).to_be_bytes());
        bytes.extend_from_slice(self.secret.as_bytes());
        let tag = key.tag(&bytes);
        bytes.extend_from_slice(tag.as_ref());
        let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()));
        Ok(Zeroizing::new(format!("{PREFIX}{}", encoded.as_str())))
    }

    /// Returns whether a text has the prefix of refresh tokens, which nothing else begins with.
    pub fn looks_like(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// Takes a text for a refresh token whose tag counts now; nothing where it is malformed, forged
    /// or of a MAC key that is retired. The table decides whether its session is alive.
    pub fn parse(text: &str, keys: &MacKeys, now: Timestamp) -> Option<Self> {
        let encoded = text.strip_prefix(PREFIX)?;
        let mut bytes = Zeroizing::new([0; MESSAGE + TAG]);
        // A longer text does not fit the buffer and is refused without being decoded.
        let length = URL_SAFE_NO_PAD
            .decode_slice(encoded, bytes.as_mut_slice())
            .ok()?;
        let (message, tag) = bytes.get(..length)?.split_at_checked(MESSAGE)?;
        let (key, rest) = message.split_at(MacKey::ID_LEN);
        if !keys.find(key, now)?.verifies(message, tag) {
            return None;
        }
        let (user_id, rest) = rest.split_first_chunk::<ID>()?;
        let (session_id, rest) = rest.split_first_chunk::<ID>()?;
        let (generation, rest) = rest.split_first_chunk()?;
        Some(Self {
            user_id: UserId::from_bytes(*user_id),
            session_id: SessionId::from_bytes(*session_id),
            generation: u64::from_be_bytes(*generation).into(),
            secret: SessionSecret::from_bytes(rest.try_into().ok()?),
        })
    }

    /// Returns the token of the next use. It follows from this one alone, so that it is the same
    /// however often it is computed.
    #[must_use]
    pub fn successor(self) -> Self {
        Self {
            generation: self.generation.next(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        AuthMethod, Authentication, Device, MacKeyTimes, Names, SessionLifetime, User, Username,
    };

    fn times(id: u64, signs_from: Timestamp, gone_at: Option<Timestamp>) -> MacKeyTimes {
        MacKeyTimes {
            id: format!("{id:016x}"),
            signs_from,
            gone_at,
        }
    }

    fn keys() -> MacKeys {
        [MacKey::new(times(7, 100, None), &[7; 32]).unwrap()]
            .into_iter()
            .collect()
    }

    fn token() -> RefreshToken {
        let user = User::register(Names::new(Username::parse("ada").ok(), None).unwrap(), 100);
        let secret = SessionSecret::generate().unwrap();
        let lifetime = SessionLifetime {
            idle: Duration::from_secs(60),
            absolute: Duration::from_secs(60),
        };
        let proof = Authentication::by(AuthMethod::PASSWORD, 100);
        let session = Session::begin(user.owner(), proof, lifetime, &secret, Device::default());
        RefreshToken {
            user_id: user.id,
            session_id: session.id,
            generation: 3.into(),
            secret,
        }
    }

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let (keys, token) = (keys(), token());
        let text = token.to_text(&keys, 100).unwrap();
        assert!(
            text.starts_with("latchkey_rt_") && text.len() == 140,
            "{}",
            text.len()
        );
        let read = RefreshToken::parse(&text, &keys, 100).unwrap();
        assert_eq!(
            (read.user_id, read.session_id, read.generation),
            (token.user_id, token.session_id, 3.into())
        );
        assert_eq!(read.secret.hash(), token.secret.hash());
    }

    #[test]
    fn any_change_of_any_bit_is_refused() {
        let keys = keys();
        let text = token().to_text(&keys, 100).unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&text[PREFIX.len()..]).unwrap();
        for index in 0..bytes.len() {
            for bit in 0..8 {
                let mut forged = bytes.clone();
                forged[index] ^= 1 << bit;
                let forged = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(&forged));
                assert!(
                    RefreshToken::parse(&forged, &keys, 100).is_none(),
                    "{index}.{bit}"
                );
            }
        }
        for length in 0..text.len() {
            assert!(RefreshToken::parse(&text[..length], &keys, 100).is_none());
        }
        for other in [
            format!("{}A", *text),
            format!("{}=", *text),
            text.to_uppercase(),
            text.repeat(2),
            text[12..].to_owned(),
            "x".repeat(100_000),
        ] {
            assert!(RefreshToken::parse(&other, &keys, 100).is_none());
        }
    }

    #[test]
    fn a_tag_counts_until_its_key_is_gone_and_another_key_makes_another_tag() {
        let old = MacKey::new(times(1, 100, Some(500)), &[1; 32]).unwrap();
        let new = MacKey::new(times(2, 200, None), &[2; 32]).unwrap();
        let keys: MacKeys = [old, new].into_iter().collect();
        let token = token();
        let (before, after) = (
            token.to_text(&keys, 199).unwrap(),
            token.to_text(&keys, 200).unwrap(),
        );
        assert_ne!(before, after);
        assert!(RefreshToken::parse(&before, &keys, 499).is_some());
        assert!(RefreshToken::parse(&before, &keys, 500).is_none());
        assert!(RefreshToken::parse(&after, &keys, 500).is_some());
        assert_eq!(token.to_text(&keys, 99), Err(NoMacKey));
        assert!(RefreshToken::parse(&after, &MacKeys::default(), 500).is_none());
    }

    #[test]
    fn a_token_is_tagged_by_a_key_that_counts_whenever_another_was_retired() {
        let token = token();
        let made = |second_gone_at, made_at| {
            let first = MacKey::new(times(1, 100, None), &[1; 32]).unwrap();
            let second = MacKey::new(times(2, 200, Some(second_gone_at)), &[2; 32]).unwrap();
            let keys: MacKeys = [first, second].into_iter().collect();
            let text = token.to_text(&keys, made_at).unwrap();
            let by = keys.at(made_at).unwrap().id()[7];
            (by, RefreshToken::parse(&text, &keys, made_at).is_some())
        };
        let (first, second) = ((1, true), (2, true));
        for (case, second_gone_at, made_at, expected) in [
            ("before its turn", 150, 199, first),
            ("before its turn", 150, 200, first),
            ("before its turn", 150, 201, first),
            ("at its turn", 200, 199, first),
            ("at its turn", 200, 200, first),
            ("at its turn", 200, 201, first),
            ("after its turn", 250, 199, first),
            ("after its turn", 250, 249, second),
            ("after its turn", 250, 250, first),
        ] {
            let made = made(second_gone_at, made_at);
            println!("retired {case}, at {second_gone_at}; made at {made_at}: by {made:?}");
            assert_eq!(made, expected, "{case}: {made_at}");
        }
    }

    #[test]
    fn a_successor_is_the_same_whoever_computes_it() {
        let (keys, token) = (keys(), token());
        let text = |token: RefreshToken| token.to_text(&keys, 100).unwrap();
        assert_eq!(
            text(token.clone().successor()),
            text(token.clone().successor())
        );
        assert_ne!(text(token.clone().successor()), text(token));
    }

    #[test]
    fn debug_shows_neither_secret_nor_key() {
        let shown = format!("{:?} {:?}", token(), keys());
        assert!(shown.contains("SessionSecret(…)"), "{shown}");
        assert!(!shown.contains("[7, 7"), "{shown}");
    }

    #[test]
    fn a_key_has_a_name_of_16_digits_and_32_bytes() {
        for (id, length) in [
            ("7", 32),
            ("00000000000000AB", 32),
            ("000000000000000g", 32),
            ("0000000000000007", 31),
        ] {
            let times = MacKeyTimes {
                id: id.to_owned(),
                signs_from: 0,
                gone_at: None,
            };
            assert!(
                MacKey::new(times, &vec![7; length]).is_none(),
                "{id} {length}"
            );
        }
    }
}
