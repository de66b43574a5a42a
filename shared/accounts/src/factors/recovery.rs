//! Recovery codes: the way in for somebody whose authenticator is lost.

use std::fmt;

use aws_lc_rs::{digest, rand};
use zeroize::Zeroizing;

use crate::{NoRandomness, UserId};

const BYTES: usize = 15;
const CHARACTERS: usize = 24;
const GROUP: usize = 6;
const BITS: u32 = 5;

/// Crockford's base32: without the letters that are easily read as digits, and without U.
const SYMBOLS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A recovery code: 120 random bits. `Debug` shows nothing.
pub struct RecoveryCode(Zeroizing<[u8; BYTES]>);

/// SHA-256 of a [`RecoveryCode`] and its account, cut to 128 bits, for storage. The code is random,
/// so that one fast hash keeps it (NIST SP 800-63B-4 asks for a slow one below 112 bits). `Debug`
/// shows nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecoveryHash([u8; Self::LEN]);

/// A text that is no recovery code, to be read after the name of its member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a recovery code: 24 letters and digits")]
pub struct RecoveryCodeError;

impl RecoveryCode {
    /// The number of codes that an account gets at a time.
    pub const SET: usize = 10;

    /// A fresh code.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        rand::fill(bytes.as_mut_slice()).map_err(|_| NoRandomness)?;
        Ok(Self(bytes))
    }

    /// Takes a code as a person types or pastes it: in either case, with blanks and hyphens
    /// anywhere, and with O for 0 and I or L for 1.
    ///
    /// # Errors
    ///
    /// [`RecoveryCodeError`] where there are other characters, or not 24 of them.
    pub fn parse(typed: &str) -> Result<Self, RecoveryCodeError> {
        let mut number = Zeroizing::new(0_u128);
        let mut found = 0;
        for char in typed.chars() {
            if char.is_whitespace() || char == '-' {
                continue;
            }
            found += 1;
            if found > CHARACTERS {
                return Err(RecoveryCodeError);
            }
            *number = *number << BITS | value(char).ok_or(RecoveryCodeError)?;
        }
        if found < CHARACTERS {
            return Err(RecoveryCodeError);
        }
        let all = Zeroizing::new(number.to_be_bytes());
        let mut bytes = Zeroizing::new([0; BYTES]);
        bytes.copy_from_slice(&all[1..]);
        Ok(Self(bytes))
    }

    /// Returns the code as its owner notes it down: four groups of six characters.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut number = Zeroizing::new(0_u128);
        for byte in self.0.iter() {
            *number = *number << 8 | u128::from(*byte);
        }
        let mut text = Zeroizing::new(String::with_capacity(CHARACTERS + CHARACTERS / GROUP - 1));
        for place in 0..CHARACTERS {
            if place > 0 && place % GROUP == 0 {
                text.push('-');
            }
            let shift = BITS as usize * (CHARACTERS - 1 - place);
            let value = *number >> shift & 0x1f;
            text.extend(symbol(value));
        }
        text
    }

    /// Returns its hash for an account, which is what is stored.
    pub fn hash(&self, of: UserId) -> RecoveryHash {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(of.as_bytes());
        context.update(self.0.as_slice());
        let mut hash = [0; RecoveryHash::LEN];
        hash.copy_from_slice(&context.finish().as_ref()[..RecoveryHash::LEN]);
        RecoveryHash(hash)
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl RecoveryHash {
    const LEN: usize = 16;

    /// Takes stored bytes; nothing where they are not 16.
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, for storage.
    pub fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl fmt::Debug for RecoveryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryHash(…)")
    }
}

fn symbol(value: u128) -> Option<char> {
    let place = usize::try_from(value).ok()?;
    SYMBOLS.chars().nth(place)
}

fn value(symbol: char) -> Option<u128> {
    let symbol = match symbol.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = SYMBOLS.find(symbol)?;
    u128::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(typed: &str) -> RecoveryCode {
        RecoveryCode::parse(typed).unwrap()
    }

    #[test]
    fn a_code_is_four_groups_of_six_characters() {
        let code = parse("0123456789abcdefghjkmnpq");
        assert_eq!(code.to_text().as_str(), "012345-6789AB-CDEFGH-JKMNPQ");
        let bytes = [
            0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf, 0x84, 0x65, 0x3a, 0x56,
            0xd7,
        ];
        assert_eq!(*code.0, bytes);
    }

    #[test]
    fn every_code_is_read_as_it_was_shown() {
        for _ in 0..1_000 {
            let code = RecoveryCode::generate().unwrap();
            assert_eq!(*parse(&code.to_text()).0, *code.0);
        }
        for bytes in [[0; BYTES], [0xff; BYTES]] {
            let code = RecoveryCode(Zeroizing::new(bytes));
            assert_eq!(*parse(&code.to_text()).0, bytes);
        }
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = parse("01VWXY-ZZZZZZ-ABCDEF-GHJKMN");
        for typed in [
            "01vwxyzzzzzzabcdefghjkmn",
            "Oivwxy zzzzzz abcdef ghjkmn\n",
            "oLVWXY\u{a0}ZZZZZZ\tABCDEF - GHJKMN",
            "olVWXY-ZZZZZZ-ABCDEF-GHJKMN",
        ] {
            assert_eq!(*parse(typed).0, *code.0, "{typed:?}");
        }
    }

    #[test]
    fn other_texts_are_no_codes() {
        for typed in [
            "",
            "123456",
            "0123456789ABCDEFGHJKMNP",
            "0123456789ABCDEFGHJKMNPQR",
            "0123456789ABCDEFGHJKMNPU",
            "0123456789ABCDEFGHJKMNP_",
            "０123456789ABCDEFGHJKMNP",
            "0123456789ABCDEFGHJKMNPſ",
            &"1".repeat(100_000),
        ] {
            let refused = RecoveryCode::parse(typed).err();
            assert_eq!(refused, Some(RecoveryCodeError), "{typed:.30?}");
        }
    }

    #[test]
    fn a_hash_is_of_a_code_and_of_an_account() {
        let (code, other) = (parse(&"7".repeat(24)), parse(&"8".repeat(24)));
        let user = UserId::parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F").unwrap();
        let hash = code.hash(user);
        assert_eq!(hash, parse(&"7".repeat(24)).hash(user));
        assert_ne!(hash, other.hash(user));
        assert_ne!(hash, code.hash(UserId::generate()));
    }

    #[test]
    fn a_code_shows_no_character_to_a_log() {
        assert_eq!(format!("{:?}", parse(&"7".repeat(24))), "RecoveryCode(…)");
    }
}
