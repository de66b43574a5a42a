use claims::Role;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::{Epoch, Names, Owner, Timestamp};

/// The immutable id of an account, a UUIDv7: never reassigned, and the `sub` of its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UserId(Uuid);

impl UserId {
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

/// What is made of it has one spelling, whatever that of the text: an id is a key.
pub(crate) fn parse_uuid(text: &str) -> Option<Uuid> {
    text.parse().ok().map(Hyphenated::into_uuid)
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It may.
    Active,
    /// An administrator has shut it out: no sign-in, and no session of its counts.
    Disabled,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id, for ever.
    pub id: UserId,
    /// What it signs in with.
    pub names: Names,
    /// What it may do beyond its own account.
    pub roles: Vec<Role>,
    /// Whether it may be used.
    pub status: Status,
    /// A session lives while the epoch it was begun with is still this one.
    pub epoch: Epoch,
    /// Counts the changes, so that a change can be made on the condition of what was read.
    pub version: u64,
    /// When it was registered.
    pub created_at: Timestamp,
}

impl User {
    /// A new account: active, without roles, at its first epoch and version.
    pub fn register(names: Names, now: Timestamp) -> Self {
        Self {
            id: UserId(Uuid::now_v7()),
            names,
            roles: Vec::new(),
            status: Status::Active,
            epoch: Epoch::FIRST,
            version: 0,
            created_at: now,
        }
    }

    /// The owner of the sessions that count now.
    pub fn owner(&self) -> Owner {
        Owner {
            user_id: self.id,
            epoch: self.epoch,
        }
    }

    /// The account with other names.
    #[must_use]
    pub fn with_names(&self, names: Names) -> Self {
        let changed = self.changed();
        Self { names, ..changed }
    }

    /// The account with other roles.
    #[must_use]
    pub fn with_roles(&self, roles: Vec<Role>) -> Self {
        let changed = self.changed();
        Self { roles, ..changed }
    }

    /// The account shut out or let in again, and without its sessions either way: one that begins
    /// while it is shut out must not come to life afterwards.
    #[must_use]
    pub fn with_status(&self, status: Status) -> Self {
        let ended = self.without_sessions();
        Self { status, ..ended }
    }

    /// The account at its next epoch, which ends every session of it.
    #[must_use]
    pub fn without_sessions(&self) -> Self {
        let epoch = self.epoch.next();
        let changed = self.changed();
        Self { epoch, ..changed }
    }

    fn changed(&self) -> Self {
        Self {
            version: self.version.saturating_add(1),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_in_either_case_and_in_no_other_spelling() {
        let id = UserId(Uuid::now_v7());
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
