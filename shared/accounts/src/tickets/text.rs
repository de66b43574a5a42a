//! The texts of tickets: handles and links.

use std::fmt;

use aws_lc_rs::constant_time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::seed::SECRET_LEN;
use super::{Purpose, TicketId};
use crate::Timestamp;
use crate::refresh::{KeyUse, MacKey, MacKeys};

const TAG: usize = 32;
const HANDLE: usize = MacKey::ID_LEN + TicketId::LEN + TAG;
const LINK: usize = HANDLE + SECRET_LEN;

/// The name of a ticket, for the client that asked for it. It proves nothing but that we made it.
///
/// As text: `latchkey_`, the purpose, `_`, and base64url of the MAC key's id (8 bytes), the
/// ticket's id (16) and an HMAC-SHA-256 tag (32) over purpose and both. It looks the same whether
/// there is an account or not.
#[derive(Clone)]
pub struct Handle {
    purpose: Purpose,
    id: TicketId,
    bytes: [u8; HANDLE],
}

/// The text of a mailed link: a [`Handle`] with a secret of 16 bytes behind it. `Debug` shows
/// nothing of the secret.
#[derive(Clone)]
pub struct Link {
    handle: Handle,
    secret: Zeroizing<[u8; SECRET_LEN]>,
}

/// A text that a bearer shows: either of the two.
#[derive(Clone, Debug)]
pub enum TicketText {
    /// A handle, which wants a code beside it.
    Handle(Handle),
    /// A link.
    Link(Link),
}

impl Handle {
    pub(super) fn new(purpose: Purpose, id: TicketId, key: &MacKey) -> Self {
        let mut bytes = [0; HANDLE];
        let (message, tag) = bytes.split_at_mut(HANDLE - TAG);
        message[..MacKey::ID_LEN].copy_from_slice(key.id());
        message[MacKey::ID_LEN..].copy_from_slice(id.as_bytes());
        tag.copy_from_slice(
            key.tag_for(KeyUse::Ticket, &tagged(purpose, message))
                .as_ref(),
        );
        Self { purpose, id, bytes }
    }

    /// The purpose.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The ticket that it names.
    pub const fn id(&self) -> TicketId {
        self.id
    }

    /// Returns the key of the ticket's row: the name of the purpose of such rows, `#`, and 32
    /// hexadecimal digits.
    pub fn row_key(&self) -> String {
        format!("{}#{}", self.purpose.row().name(), self.id)
    }

    /// Returns the text.
    pub fn to_text(&self) -> String {
        text(self.purpose, &self.bytes).to_string()
    }
}

impl Link {
    pub(super) fn new(handle: Handle, secret: [u8; SECRET_LEN]) -> Self {
        let secret = Zeroizing::new(secret);
        Self { handle, secret }
    }

    /// The handle in it.
    pub const fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Returns the text.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; LINK]);
        bytes[..HANDLE].copy_from_slice(&self.handle.bytes);
        bytes[HANDLE..].copy_from_slice(&*self.secret);
        text(self.handle.purpose, bytes.as_slice())
    }

    /// Returns whether both have the same secret, in a time that does not tell how much of it
    /// agrees.
    pub(super) fn is(&self, other: &Self) -> bool {
        constant_time::verify_slices_are_equal(&*self.secret, &*other.secret).is_ok()
    }
}

impl TicketText {
    /// Takes a text for a ticket's of that purpose; nothing where it is malformed, forged, of
    /// another purpose, or of a MAC key that is retired.
    pub fn parse(text: &str, purpose: Purpose, keys: &MacKeys, now: Timestamp) -> Option<Self> {
        let encoded = text.strip_prefix(&prefix(purpose))?;
        let mut buffer = Zeroizing::new([0; LINK]);
        // A longer text does not fit the buffer and is refused without being decoded.
        let length = URL_SAFE_NO_PAD
            .decode_slice(encoded, buffer.as_mut_slice())
            .ok()?;
        let (bytes, secret) = buffer.get(..length)?.split_first_chunk::<HANDLE>()?;
        let (message, tag) = bytes.split_at(HANDLE - TAG);
        let (key, id) = message.split_first_chunk::<{ MacKey::ID_LEN }>()?;
        let key = keys.find(key, now)?;
        if !key.verifies_for(KeyUse::Ticket, &tagged(purpose, message), tag) {
            return None;
        }
        let handle = Handle {
            purpose,
            id: TicketId::from_bytes(id.try_into().ok()?),
            bytes: *bytes,
        };
        match secret.len() {
            0 => Some(Self::Handle(handle)),
            _ => Some(Self::Link(Link::new(handle, secret.try_into().ok()?))),
        }
    }

    /// The handle, which both are or have.
    pub const fn handle(&self) -> &Handle {
        match self {
            Self::Handle(handle) => handle,
            Self::Link(link) => link.handle(),
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({} {})", self.purpose.name(), self.id)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({:?}, …)", self.handle)
    }
}

fn prefix(purpose: Purpose) -> String {
    format!("latchkey_{}_", purpose.name())
}

fn text(purpose: Purpose, bytes: &[u8]) -> Zeroizing<String> {
    let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes));
    Zeroizing::new(format!("{}{}", prefix(purpose), encoded.as_str()))
}

fn tagged(purpose: Purpose, message: &[u8]) -> [u8; 1 + HANDLE - TAG] {
    let mut bytes = [0; 1 + HANDLE - TAG];
    bytes[0] = purpose.byte();
    bytes[1..].copy_from_slice(message);
    bytes
}
