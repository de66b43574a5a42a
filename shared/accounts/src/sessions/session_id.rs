//! The id of a session.

use std::fmt;

use uuid::Uuid;

use crate::users::parse_uuid;

/// The id of a session, the `sid` of its tokens. It is a name, not a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(Uuid);

impl SessionId {
    /// Makes a new id, a UUIDv7.
    pub(crate) fn generate() -> Self {
        Self(Uuid::now_v7())
    }

    /// Takes a text for a session id; nothing where it is not a UUID (RFC 9562 §4), in either case.
    pub fn parse(text: &str) -> Option<Self> {
        parse_uuid(text).map(Self)
    }

    pub(crate) fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
