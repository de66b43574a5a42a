//! The id of an account.

use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// The immutable id of an account, a UUIDv7: never reassigned, and the `sub` of its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UserId(Uuid);

impl UserId {
    /// Makes a new id, a UUIDv7.
    pub(crate) fn generate() -> Self {
        Self(Uuid::now_v7())
    }

    /// Takes a text for a user id; nothing where it is not a UUID (RFC 9562 §4), in either case.
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

impl std::fmt::Display for UserId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Parses a UUID in either case. An id is a key, so that it has one spelling afterwards.
pub(crate) fn parse_uuid(text: &str) -> Option<Uuid> {
    text.parse().ok().map(Hyphenated::into_uuid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_in_either_case_and_in_no_other_spelling() {
        let id = UserId::generate();
        let text = id.to_string();
        for text in [&text, &text.to_uppercase()] {
            assert_eq!(UserId::parse(text), Some(id));
        }
        for other in [
            text.replace('-', ""),
            format!("urn:uuid:{text}"),
            format!(" {text}"),
            format!("{{{text}}}"),
            String::new(),
            "x".repeat(36),
        ] {
            assert_eq!(UserId::parse(&other), None, "{other:?}");
        }
    }
}
