//! The names that stand for mailboxes and addresses.

use std::fmt;

use crate::refresh::{KeyUse, MacKeys};
use crate::{Email, NoMacKey, Timestamp, UserId};

/// A name that stands for a mailbox or for an address: an HMAC, so that whoever has a table learns no
/// address. All addresses of one mailbox, which differ in what follows a `+`, count as one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pseudonym([u8; 32]);

impl Pseudonym {
    /// The name of an address's mailbox, by the MAC key that is active now: the next key makes
    /// another one.
    ///
    /// # Errors
    ///
    /// [`NoMacKey`].
    pub fn of(address: &Email, keys: &MacKeys, now: Timestamp) -> Result<Self, NoMacKey> {
        let local = address.local_part();
        let mailbox = local.split('+').next().unwrap_or(local);
        let domain = &address.as_str()[local.len()..];
        Self::new(&format!("{mailbox}{domain}"), keys, now)
    }

    /// The name of the address itself, where its mailbox would say too much: a stranger can make up
    /// addresses of it that nobody has.
    ///
    /// # Errors
    ///
    /// As for [`Pseudonym::of`].
    pub fn of_address(address: &Email, keys: &MacKeys, now: Timestamp) -> Result<Self, NoMacKey> {
        Self::new(address.as_str(), keys, now)
    }

    fn new(text: &str, keys: &MacKeys, now: Timestamp) -> Result<Self, NoMacKey> {
        let key = keys.at(now).ok_or(NoMacKey)?;
        let tag = key.tag_for(KeyUse::Name, text.as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(tag.as_ref());
        Ok(Self(bytes))
    }

    /// The id that is read where nobody has the address, so that as much is read as where somebody
    /// does. No account has it: it is no UUIDv7.
    pub fn nobody(&self) -> UserId {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.0[..16]);
        // The version of UUIDs whose bits mean what their maker says (RFC 9562 §5.8).
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        UserId::from_bytes(bytes)
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonym(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MacKey, MacKeyTimes};

    fn keys(byte: u8) -> MacKeys {
        let times = MacKeyTimes {
            id: format!("{:016x}", 7),
            signs_from: 100,
            gone_at: None,
        };
        [MacKey::new(times, &[byte; 32]).unwrap()]
            .into_iter()
            .collect()
    }

    fn of(address: &str) -> Pseudonym {
        Pseudonym::of(&Email::parse(address).unwrap(), &keys(7), 100).unwrap()
    }

    #[test]
    fn all_addresses_of_a_mailbox_have_one_name() {
        for other in [
            "Ada@Example.com",
            "ada+shop@example.com",
            "ada+a+b@example.com",
        ] {
            assert!(of(other) == of("ada@example.com"), "{other}");
        }
        for other in ["ada@example.org", "bob@example.com", "ad@aexample.com"] {
            assert!(of(other) != of("ada@example.com"), "{other}");
        }
    }

    #[test]
    fn an_address_has_a_name_of_its_own() {
        let of_address = |address: &str| {
            let address = Email::parse(address).unwrap();
            Pseudonym::of_address(&address, &keys(7), 100).unwrap()
        };
        assert!(of_address("Ada@example.com") == of("ada@example.com"));
        assert!(of_address("ada+x@example.com") != of("ada@example.com"));
    }

    #[test]
    fn it_depends_on_the_key_and_shows_nothing() {
        let address = Email::parse("ada@example.com").unwrap();
        let other = Pseudonym::of(&address, &keys(8), 100).unwrap();
        assert!(other != of("ada@example.com"));
        assert_eq!(Pseudonym::of(&address, &keys(7), 99), Err(NoMacKey));
        assert_eq!(other.to_string().len(), 64);
        assert_eq!(format!("{other:?}"), "Pseudonym(…)");
    }

    #[test]
    fn nobody_is_the_same_whenever_asked_and_nobody_who_registers() {
        let nobody = of("ada@example.com").nobody();
        assert_eq!(nobody, of("ada+x@example.com").nobody());
        assert_ne!(nobody, of("bob@example.com").nobody());
        assert_eq!(nobody.to_string().as_bytes()[14], b'8');
        assert_eq!(UserId::parse(&nobody.to_string()), Some(nobody));
    }
}
