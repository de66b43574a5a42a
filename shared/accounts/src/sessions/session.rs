//! A session, and when it counts.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::authentication::{AuthMethod, Authentication, Methods};
use super::device::Device;
use super::generation::Generation;
use super::secret::{SecretHash, SessionSecret};
use crate::{Epoch, Owner, SessionId, Status, Timestamp, User};

/// A session: one sign-in, which its access tokens name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose it is, at the epoch of the account at the sign-in.
    pub owner: Owner,
    /// Its id.
    pub id: SessionId,
    /// The last authentication of its owner.
    pub authentication: Authentication,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// When it ends unless it is refreshed before.
    pub idle_expires_at: Timestamp,
    /// The number of refreshes since its secret was made: only refresh tokens of this generation
    /// are valid.
    pub generation: Generation,
    /// When it was last refreshed, or got another secret.
    pub rotated_at: Option<Timestamp>,
    /// Of the secret that its refresh tokens carry.
    pub secret_hash: SecretHash,
    /// Where it was begun or last refreshed. By it a replayed refresh token is judged.
    pub device: Device,
}

/// The lifetime of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLifetime {
    /// Without being refreshed.
    pub idle: Duration,
    /// In all, refreshed or not.
    pub absolute: Duration,
}

impl SessionLifetime {
    /// The bounds of either, in seconds: from an hour to a year.
    pub const BOUNDS: RangeInclusive<u32> = 3_600..=31_536_000;
}

impl Session {
    /// Begins a session with an authentication, at the time of that.
    ///
    /// The owner's epoch is that of the very credentials that were verified. Were it read
    /// afterwards, a sign-in with an old password could outlive the change of it.
    pub fn begin(
        owner: Owner,
        authentication: Authentication,
        lifetime: SessionLifetime,
        secret: &SessionSecret,
        device: Device,
    ) -> Self {
        let now = authentication.at;
        Self {
            owner,
            id: SessionId::generate(),
            authentication,
            expires_at: now.saturating_add(lifetime.absolute.as_secs()),
            idle_expires_at: now.saturating_add(lifetime.idle.as_secs()),
            generation: Generation::FIRST,
            rotated_at: None,
            secret_hash: secret.hash(),
            device,
        }
    }

    /// The session after a change of the password, which took the current one: it goes on at the
    /// account's next epoch, and its refresh tokens begin anew with another secret, so that the
    /// earlier ones are dead. It ends when it would have ended before. The password counts as
    /// a new authentication, except in a session that has shown a second factor: the password alone
    /// does not renew both.
    #[must_use]
    pub fn renewed(&self, epoch: Epoch, secret: &SessionSecret, now: Timestamp) -> Self {
        let shown = &self.authentication;
        let factors = [AuthMethod::OTP, AuthMethod::POP];
        let has_factor = factors.iter().any(|factor| shown.methods.contains(factor));
        let at = if has_factor { shown.at } else { now };
        Self {
            generation: Generation::FIRST,
            authentication: shown.then(AuthMethod::PASSWORD, at),
            rotated_at: Some(now),
            secret_hash: secret.hash(),
            ..self.at(epoch)
        }
    }

    /// The session after a further proof by its owner: its tokens name that method too.
    #[must_use]
    pub fn raised(&self, methods: impl Into<Methods>, now: Timestamp) -> Self {
        Self {
            authentication: self.authentication.then(methods, now),
            ..self.clone()
        }
    }

    /// The session at another epoch of its account.
    #[must_use]
    pub fn at(&self, epoch: Epoch) -> Self {
        Self {
            owner: Owner {
                epoch,
                ..self.owner
            },
            ..self.clone()
        }
    }

    /// When it began, which no later authentication changes.
    pub fn began_at(&self) -> Timestamp {
        self.id.made_at()
    }

    /// When it ends if nothing happens to it any more.
    pub fn ends_at(&self) -> Timestamp {
        self.expires_at.min(self.idle_expires_at)
    }

    /// Returns whether it still counts: its own times are not over, and its account is active and
    /// has not ended the sessions of this one's epoch.
    pub fn is_alive(&self, user: &User, now: Timestamp) -> bool {
        self.owner == user.owner() && now < self.ends_at() && user.status == Status::Active
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Names, Username};

    fn session() -> (User, Session) {
        let names = Names::new(Username::parse("ada").ok(), None).unwrap();
        let user = User::register(names, 1_000);
        let lifetime = SessionLifetime {
            idle: Duration::from_secs(60),
            absolute: Duration::from_secs(90),
        };
        let secret = SessionSecret::generate().unwrap();
        let proof = Authentication::by(AuthMethod::PASSWORD, 1_000);
        let session = Session::begin(user.owner(), proof, lifetime, &secret, Device::default());
        (user, session)
    }

    #[test]
    fn a_session_lives_until_one_of_its_times_is_over() {
        let (user, session) = session();
        assert!(session.is_alive(&user, 1_000));
        assert!(session.is_alive(&user, 1_059));
        assert!(!session.is_alive(&user, 1_060), "idle");
        let refreshed = Session {
            idle_expires_at: 1_119,
            ..session
        };
        assert!(refreshed.is_alive(&user, 1_089));
        assert!(
            !refreshed.is_alive(&user, 1_090),
            "over, however often it is refreshed"
        );
    }

    #[test]
    fn disabling_or_a_new_epoch_ends_it() {
        let (mut user, session) = session();
        let epoch = user.epoch;
        user.epoch = epoch.next();
        assert!(!session.is_alive(&user, 1_000));
        user.epoch = epoch;
        user.status = Status::Disabled;
        assert!(!session.is_alive(&user, 1_000));
    }

    #[test]
    fn it_counts_for_its_own_account_alone() {
        let (_, session) = session();
        let (other, _) = self::session();
        assert!(!session.is_alive(&other, 1_000));
    }

    #[test]
    fn a_renewed_session_has_another_secret_and_the_same_end() {
        let (user, session) = session();
        let secret = SessionSecret::generate().unwrap();
        let used = Session {
            generation: 7.into(),
            rotated_at: Some(1_010),
            ..session
        };
        let renewed = used.renewed(user.epoch.next(), &secret, 1_020);
        assert!(renewed.secret_hash.is_of(&secret));
        assert_eq!(
            (renewed.generation, renewed.rotated_at),
            (Generation::FIRST, Some(1_020))
        );
        assert_eq!(renewed.authentication.at, 1_020, "a new proof");
        assert_eq!(renewed.authentication.methods.amr(), ["pwd"]);
        assert_eq!((renewed.id, renewed.ends_at()), (used.id, used.ends_at()));
        assert!(!renewed.is_alive(&user, 1_020));
        assert!(renewed.is_alive(&user.without_sessions(), 1_020));
    }
}
