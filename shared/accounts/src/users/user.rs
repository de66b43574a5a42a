//! An account.

use claims::Role;

use super::epoch::{Epoch, Owner};
use super::{Locale, VerifiedEmail, WaysIn};
use crate::{Email, Names, Timestamp, UserId};

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
    /// The address that its owner has proved to read. It may be one that the account had before:
    /// [`User::email_is_verified`] decides.
    pub verified_email: Option<VerifiedEmail>,
    /// The language of its mails, where its owner has chosen one.
    pub locale: Option<Locale>,
    /// The ways in which its owner signs in.
    pub ways_in: WaysIn,
    /// When a second factor or a passkey was last added, or recovery codes were made.
    pub factor_added_at: Option<Timestamp>,
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
            verified_email: None,
            locale: None,
            ways_in: WaysIn::default(),
            factor_added_at: None,
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

    /// The account with other names. Another address is not verified.
    #[must_use]
    pub fn with_names(&self, names: Names) -> Self {
        let is_same = |verified: &VerifiedEmail| names.email() == Some(&verified.address);
        let changed = self.changed();
        Self {
            verified_email: changed.verified_email.filter(is_same),
            names,
            ..changed
        }
    }

    /// The account whose owner has now proved to read its address, if it has one.
    #[must_use]
    pub fn with_verified_email(&self, now: Timestamp) -> Self {
        let proof = |address| VerifiedEmail { address, at: now };
        let changed = self.changed();
        Self {
            verified_email: changed.names.email().cloned().map(proof),
            ..changed
        }
    }

    /// The account with another language for its mails, or with none.
    #[must_use]
    pub fn with_locale(&self, locale: Option<Locale>) -> Self {
        let changed = self.changed();
        Self { locale, ..changed }
    }

    /// The account with other ways in, for there is another factor, one less or another rule.
    #[must_use]
    pub fn with_ways_in(&self, ways_in: WaysIn) -> Self {
        let changed = self.changed();
        Self { ways_in, ..changed }
    }

    /// The account with the ways in that a second factor or a passkey adds, which was added now.
    #[must_use]
    pub fn with_factor(&self, ways_in: WaysIn, now: Timestamp) -> Self {
        Self {
            factor_added_at: Some(now),
            ..self.with_ways_in(ways_in)
        }
    }

    /// Returns the address, if the account has one and its owner has proved to read it.
    pub fn verified_email(&self) -> Option<&Email> {
        let verified = self.verified_email.as_ref()?;
        let present = self.names.email();
        present.filter(|present| **present == verified.address)
    }

    /// Returns whether the account has an address that its owner has proved to read.
    pub fn email_is_verified(&self) -> bool {
        self.verified_email().is_some()
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
    use crate::Username;

    fn names(username: &str, email: Option<&str>) -> Names {
        let email = email.map(|email| Email::parse(email).unwrap());
        Names::new(Username::parse(username).ok(), email).unwrap()
    }

    #[test]
    fn a_proof_counts_for_the_address_that_it_names_alone() {
        let user = User::register(names("ada", Some("ada@example.com")), 1);
        assert!(!user.email_is_verified());
        let verified = user.with_verified_email(2);
        assert!(verified.email_is_verified());
        assert_eq!(verified.version, user.version + 1);

        let renamed = verified.with_names(names("eve", Some("ada@example.com")));
        assert!(renamed.email_is_verified());
        for other in [None, Some("eve@example.com")] {
            let changed = verified.with_names(names("ada", other));
            assert_eq!(
                (changed.email_is_verified(), changed.verified_email),
                (false, None)
            );
        }

        // By a version that does not know of proofs.
        let changed = User {
            names: names("ada", Some("eve@example.com")),
            ..verified
        };
        assert!(!changed.email_is_verified());
    }

    #[test]
    fn an_account_without_address_has_nothing_to_prove() {
        let user = User::register(names("ada", None), 1).with_verified_email(2);
        assert_eq!(
            (user.email_is_verified(), user.verified_email),
            (false, None)
        );
    }
}
