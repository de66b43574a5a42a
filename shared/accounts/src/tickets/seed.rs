//! The part of a ticket's row from which its texts are computed.

use std::fmt;

use aws_lc_rs::rand;
use claims::lifecycle;

use super::{Handle, Link, Purpose, TicketCode};
use crate::refresh::{KeyUse, MacKey, MacKeys};
use crate::{MacKeyTimes, NoMacKey, NoRandomness, Timestamp};

const RANDOM: usize = 16;
const SECRET: usize = 16;

/// The random id of a ticket: 128 bits, shown as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TicketId([u8; RANDOM]);

/// The salt of a ticket: 128 random bits that its row alone has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TicketSalt([u8; RANDOM]);

/// The members of a ticket's row that decide its texts. It is no secret: the texts need the MAC key
/// as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketSeed {
    /// The ticket.
    pub id: TicketId,
    /// Its salt.
    pub salt: TicketSalt,
    /// The name of the MAC key, as a number.
    pub mac_key: u64,
}

impl TicketId {
    /// A fresh id.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn generate() -> Result<Self, NoRandomness> {
        random().map(Self)
    }

    /// Takes 32 lower-case hexadecimal digits, as the key of a row has them.
    pub fn parse(text: &str) -> Option<Self> {
        let id = Self(u128::from_str_radix(text, 16).ok()?.to_be_bytes());
        (id.to_string() == text).then_some(id)
    }

    pub(super) const LEN: usize = RANDOM;

    pub(super) const fn from_bytes(bytes: [u8; RANDOM]) -> Self {
        Self(bytes)
    }

    pub(super) const fn as_bytes(&self) -> &[u8; RANDOM] {
        &self.0
    }
}

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TicketId({self})")
    }
}

impl TicketSalt {
    /// Takes stored bytes; nothing where they are not 16.
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, for storage.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for TicketSalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TicketSalt(…)")
    }
}

impl TicketSeed {
    /// The seed of a new ticket, with the MAC key that is active now.
    ///
    /// # Errors
    ///
    /// [`NewTicketError`].
    pub fn generate(keys: &MacKeys, now: Timestamp) -> Result<Self, NewTicketError> {
        Ok(Self {
            id: TicketId::generate()?,
            salt: TicketSalt(random()?),
            mac_key: keys.at(now).ok_or(NoMacKey)?.number(),
        })
    }

    /// The seed of a new ticket, with the MAC key that is active by these times: for an issuer who
    /// must not have the key, and so can compute neither handle, link nor code.
    ///
    /// # Errors
    ///
    /// [`NewTicketError`].
    pub fn generate_without_key(
        times: &[MacKeyTimes],
        now: Timestamp,
    ) -> Result<Self, NewTicketError> {
        let active = lifecycle::active(times, now).ok_or(NoMacKey)?;
        Ok(Self {
            id: TicketId::generate()?,
            salt: TicketSalt(random()?),
            mac_key: u64::from_str_radix(&active.id, 16).map_err(|_| NoMacKey)?,
        })
    }

    /// Returns the handle for the client that asked.
    ///
    /// # Errors
    ///
    /// [`NoMacKey`] if the key of the seed does not count any more.
    pub fn handle(
        &self,
        purpose: Purpose,
        keys: &MacKeys,
        now: Timestamp,
    ) -> Result<Handle, NoMacKey> {
        let key = self.key(keys, now)?;
        Ok(Handle::new(purpose, self.id, key))
    }

    /// Returns the link's text, for the mail.
    ///
    /// # Errors
    ///
    /// As for [`TicketSeed::handle`].
    pub fn link(&self, purpose: Purpose, keys: &MacKeys, now: Timestamp) -> Result<Link, NoMacKey> {
        let key = self.key(keys, now)?;
        let handle = Handle::new(purpose, self.id, key);
        Ok(Link::new(
            handle,
            self.first_bytes(KeyUse::Secret, purpose, key),
        ))
    }

    /// Returns the code, for the mail.
    ///
    /// # Errors
    ///
    /// As for [`TicketSeed::handle`].
    pub fn code(
        &self,
        purpose: Purpose,
        keys: &MacKeys,
        now: Timestamp,
    ) -> Result<TicketCode, NoMacKey> {
        let key = self.key(keys, now)?;
        let number = u64::from_be_bytes(self.first_bytes(KeyUse::Code, purpose, key));
        Ok(TicketCode::of(number))
    }

    fn key<'a>(&self, keys: &'a MacKeys, now: Timestamp) -> Result<&'a MacKey, NoMacKey> {
        keys.find(&self.mac_key.to_be_bytes(), now).ok_or(NoMacKey)
    }

    fn first_bytes<const N: usize>(&self, by: KeyUse, purpose: Purpose, key: &MacKey) -> [u8; N] {
        let mut message = [0; 1 + 2 * RANDOM];
        message[0] = purpose.byte();
        message[1..=RANDOM].copy_from_slice(&self.id.0);
        message[1 + RANDOM..].copy_from_slice(&self.salt.0);
        let tag = key.tag_for(by, &message);
        let mut bytes = [0; N];
        bytes.copy_from_slice(&tag.as_ref()[..N]);
        bytes
    }
}

/// A new ticket could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NewTicketError {
    /// There is no randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// There is no key.
    #[error(transparent)]
    NoMacKey(#[from] NoMacKey),
}

/// The length of a link's secret, in bytes.
pub(super) const SECRET_LEN: usize = SECRET;

fn random() -> Result<[u8; RANDOM], NoRandomness> {
    let mut bytes = [0; RANDOM];
    rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}
