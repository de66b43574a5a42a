//! The age and the methods of authentication that a change of an account takes.

use std::time::Duration;

use accounts::{Acr, Session, Timestamp, User};
use claims::Scope;

use crate::{Caller, ConfigError, Environment, Error};

/// Of whom a second factor is required, whatever they have enrolled: `MFA_REQUIRED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MfaRequired {
    /// Of nobody: a password asks for what its account has enrolled.
    Off,
    /// Of those with a role that confers `users:write`, for what is beyond their own account.
    Admins,
    /// Of everybody: nothing issues tokens below [`Acr::Aal2`].
    All,
}

/// The definition of a fresh session, the one for all routes: its last authentication is at most so
/// old, and reaches the level that its account asks for.
#[derive(Clone, Copy, Debug)]
pub struct Freshness {
    max_age: Duration,
    pub(super) mfa_required: MfaRequired,
}

impl Environment {
    /// Of whom a second factor is required: `MFA_REQUIRED`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, or another word.
    pub fn mfa_required(&self) -> Result<MfaRequired, ConfigError> {
        let words = [
            ("off", MfaRequired::Off),
            ("admins", MfaRequired::Admins),
            ("all", MfaRequired::All),
        ];
        self.choice("MFA_REQUIRED", &words)
    }

    /// The definition of a fresh session: `FRESH_FOR` and `MFA_REQUIRED`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, no number, out of bounds or another word.
    pub fn freshness(&self) -> Result<Freshness, ConfigError> {
        Ok(Freshness {
            max_age: self.seconds("FRESH_FOR", 30..=3_600)?,
            mfa_required: self.mfa_required()?,
        })
    }
}

impl MfaRequired {
    /// Returns whether a session confers no role yet: a second factor is required of administrators,
    /// and in this session none was shown. `scopes` are those of all roles of its account; with
    /// `users:write` it is an administrator's.
    pub fn withholds_roles<'a>(
        self,
        session: &Session,
        mut scopes: impl Iterator<Item = &'a str>,
    ) -> bool {
        self != Self::Off
            && session.authentication.methods.acr() < Some(Acr::Aal2)
            && scopes.any(|scope| scope == Scope::USERS_WRITE.as_str())
    }

    /// Returns whether a session may have tokens: it has reached the level without which nobody has
    /// any.
    pub fn permits_tokens(self, session: &Session) -> bool {
        self != Self::All || session.authentication.methods.acr() >= Some(Acr::Aal2)
    }

    /// The level that an account asks of what matters: the second where it has a second factor, or
    /// everybody must have one.
    pub fn level_of(self, user: &User) -> Acr {
        if self == Self::All || user.ways_in.ask_for_factor() {
            Acr::Aal2
        } else {
            Acr::Aal1
        }
    }
}

impl Caller {
    /// Checks that the session has reached a level (RFC 9470 §3).
    ///
    /// # Errors
    ///
    /// [`Error::StepUp`].
    pub fn requires_acr(&self, acr: Acr) -> Result<(), Error> {
        if self.session.authentication.methods.acr() >= Some(acr) {
            Ok(())
        } else {
            Err(Error::StepUp {
                acr: Some(acr),
                max_age: None,
            })
        }
    }

    /// The level that the account asks of what matters. An administrator who must show a second
    /// factor, and has a passkey to show, shows it for this too: a password alone would add another
    /// factor or recovery codes, and reach the roles by those.
    fn own_level(&self, freshness: &Freshness) -> Acr {
        if self.needs_second_factor() && self.user.ways_in.reach_aal2() {
            return Acr::Aal2;
        }
        freshness.mfa_required.level_of(&self.user)
    }

    /// Checks that the session has reached the level that its account asks for, whenever it was.
    ///
    /// # Errors
    ///
    /// [`Error::StepUp`].
    pub fn requires_own_acr(&self, freshness: &Freshness) -> Result<(), Error> {
        self.requires_acr(self.own_level(freshness))
    }

    /// Checks that the session is fresh.
    ///
    /// # Errors
    ///
    /// [`Error::StepUp`], with all that is missing.
    pub fn requires_fresh(&self, freshness: &Freshness, now: Timestamp) -> Result<(), Error> {
        let acr = self.own_level(freshness);
        let authentication = &self.session.authentication;
        let has_level = authentication.methods.acr() >= Some(acr);
        if has_level && authentication.is_within(freshness.max_age, now) {
            return Ok(());
        }
        Err(Error::StepUp {
            acr: (!has_level).then_some(acr),
            max_age: Some(freshness.max_age),
        })
    }
}
