//! The caller of a guarded route, and what they may do.

use std::collections::BTreeSet;
use std::sync::Arc;

use accounts::{Session, User};
use claims::{Claims, Role, Roles, Scope};

use crate::Error;

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
}

impl Caller {
    /// Returns the roles that the token has and the account still has.
    pub fn roles(&self) -> Vec<Role> {
        let still = |role: &&Role| self.user.roles.contains(role);
        self.claims.roles.iter().filter(still).cloned().collect()
    }

    /// Returns the scopes of the caller: those of the token that a role confers which token and
    /// account both have. If the guard has no table of roles, a token without roles has no scope,
    /// and any other has all of its scopes while the account still has each of its roles.
    pub fn scopes(&self) -> BTreeSet<&str> {
        let roles = self.roles();
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
    /// [`Error::InsufficientScope`].
    pub fn requires(&self, scope: Scope) -> Result<(), Error> {
        if self.scopes().contains(scope.as_str()) {
            Ok(())
        } else {
            Err(Error::InsufficientScope(scope))
        }
    }

    /// Checks that the caller has a role: the token must have it, and the account must still have
    /// it.
    ///
    /// # Errors
    ///
    /// [`Error::MissingRole`].
    pub fn requires_role(&self, role: &'static str) -> Result<(), Error> {
        if self.roles().iter().any(|has| has.as_str() == role) {
            Ok(())
        } else {
            Err(Error::MissingRole(role))
        }
    }
}
