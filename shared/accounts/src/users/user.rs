//! An account.

use claims::Role;

use super::epoch::{Epoch, Owner};
use crate::{Names, Timestamp, UserId};

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It may.
    Active,
    /// An administrator has shut it out: no sign-in, and no session of its counts.
    Disabled,
    /// It has a status that this version does not know, and is shut out. No request sets this one.
    Unknown,
}

impl Status {
    /// Its name in answers and in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Unknown => "unknown",
        }
    }

    /// The status of this name that an account can be given; `None` if there is none.
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Active, Self::Disabled];
        all.into_iter().find(|status| status.as_str() == name)
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id, for ever.
    pub id: UserId,
    /// The names that it signs in with.
    pub names: Names,
    /// The roles that permit more than the use of its own account.
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
            id: UserId::generate(),
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
