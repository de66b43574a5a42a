//! The ids of accounts and sessions.

use std::fmt;

use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::Timestamp;

/// Declares the type of an id, so that the id of one thing is never taken for that of another.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new id, a UUIDv7.
            pub(crate) fn generate() -> Self {
                Self(Uuid::now_v7())
            }

            /// Parses a UUID (RFC 9562 §4), in either case and in no other spelling; `None` where the
            /// text is not a UUID. An id is a key, so that it has one spelling afterwards.
            pub fn parse(text: &str) -> Option<Self> {
                text.parse().ok().map(Hyphenated::into_uuid).map(Self)
            }

            /// The id of these bytes (RFC 9562 §4).
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// Its bytes (RFC 9562 §4).
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// The immutable id of an account, a UUIDv7: never reassigned, and the `sub` of its tokens.
    UserId
}

id! {
    /// The id of a session, a UUIDv7: the `sid` of its tokens. It is a name, not a secret.
    SessionId
}

impl SessionId {
    /// When it was made: the first 48 bits of a UUIDv7 are milliseconds (RFC 9562 §5.7).
    pub(crate) fn made_at(&self) -> Timestamp {
        let [a, b, c, d, e, f, ..] = *self.as_bytes();
        u64::from_be_bytes([0, 0, a, b, c, d, e, f]) / 1_000
    }
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

    #[test]
    fn the_id_of_a_session_tells_when_it_was_made() {
        // The example of RFC 9562, appendix A.6: Tuesday, February 22, 2022 2:22:22 PM GMT-05:00.
        let id = SessionId::parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F").unwrap();
        assert_eq!(id.made_at(), 1_645_557_742);
    }
}
