//! The caller of a guarded route, and what they may do.

use std::collections::BTreeSet;
use std::sync::Arc;

use accounts::{Acr, Session, User};
use claims::{Claims, Role, Roles, Scope};

use crate::{Error, MfaRequired};

/// The caller of a request, whom a [`SessionGuard`](crate::SessionGuard) has verified. It is an
/// extractor.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The account as it is now, not as it was when the token was issued.
    pub user: User,
    /// The session that the token is of.
    pub session: Session,
    /// The claims of the token.
    pub claims: Claims,
    /// The scopes that each role confers, if the guard knows them.
    pub(crate) roles_table: Option<Arc<Roles>>,
    /// Of whom a second factor is required.
    pub(crate) mfa_required: MfaRequired,
}

impl Caller {
    /// Returns the roles that the token has and the account still has: none while their owner has
    /// yet to show a second factor for them.
    pub fn roles(&self) -> Vec<Role> {
        if self.needs_second_factor() {
            return Vec::new();
        }
        self.lasting_roles()
    }

    fn lasting_roles(&self) -> Vec<Role> {
        let still = |role: &&Role| self.user.roles.contains(role);
        self.claims.roles.iter().filter(still).cloned().collect()
    }

    /// Returns the scopes of the caller: those of the token that a role confers which token and
    /// account both have. If the guard has no table of roles, a token without roles has no scope,
    /// and any other has all of its scopes while the account still has each of its roles.
    /// While the owner has yet to show a second factor there is none.
    pub fn scopes(&self) -> BTreeSet<&str> {
        if self.needs_second_factor() {
            return BTreeSet::new();
        }
        self.lasting_scopes()
    }

    /// Returns whether an administrator has yet to show a second factor, without which they have no
    /// role: the session decides, not the token, so that a step-up counts at once.
    pub(super) fn needs_second_factor(&self) -> bool {
        let (rule, session) = (self.mfa_required, &self.session);
        match &self.roles_table {
            Some(table) => {
                rule.withholds_roles(session, table.scopes(&self.user.roles).into_iter())
            }
            None => rule.withholds_roles(session, self.claims.scopes()),
        }
    }

    fn lasting_scopes(&self) -> BTreeSet<&str> {
        let roles = self.lasting_roles();
        match &self.roles_table {
            Some(table) => {
                let conferred = table.scopes(&roles);
                let mut scopes: BTreeSet<_> = self.claims.scopes().collect();
                scopes.retain(|scope| conferred.contains(scope));
                scopes
            }
            None if !roles.is_empty() && roles.len() == self.claims.roles.len() => {
                self.claims.scopes().collect()
            }
            None => BTreeSet::new(),
        }
    }

    /// Returns the scopes of the caller as one text, separated by spaces (RFC 6749 §3.3).
    pub fn scope(&self) -> String {
        Vec::from_iter(self.scopes()).join(" ")
    }

    /// Checks that the caller has a scope, see [`Caller::scopes`].
    ///
    /// # Errors
    ///
    /// [`Error::InsufficientScope`]; [`Error::StepUp`] where a second factor is missing alone.
    pub fn requires(&self, scope: Scope) -> Result<(), Error> {
        if !self.lasting_scopes().contains(scope.as_str()) {
            return Err(Error::InsufficientScope(scope));
        }
        self.requires_second_factor()
    }

    /// Checks that the caller has a role: the token must have it, and the account must still have
    /// it.
    ///
    /// # Errors
    ///
    /// [`Error::MissingRole`]; [`Error::StepUp`] where a second factor is missing alone.
    pub fn requires_role(&self, role: &'static str) -> Result<(), Error> {
        if !self.lasting_roles().iter().any(|has| has.as_str() == role) {
            return Err(Error::MissingRole(role));
        }
        self.requires_second_factor()
    }

    fn requires_second_factor(&self) -> Result<(), Error> {
        if self.needs_second_factor() {
            return self.requires_acr(Acr::Aal2);
        }
        Ok(())
    }
}
