use std::sync::Arc;

use accounts::{Session, Timestamp, User};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use claims::{Claims, Role, Scope};

use crate::{Error, Gateway, SessionGuard, now};

/// Who calls, as a [`SessionGuard`] has found it, as an extractor.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The account as it is now, not as it was when the token was issued.
    pub user: User,
    /// The session that the token is of.
    pub session: Session,
    /// What the token says.
    pub claims: Claims,
}

impl Caller {
    /// The roles that the token carries and the account has still.
    pub fn roles(&self) -> Vec<Role> {
        let still = |role: &Role| self.user.roles.contains(role);
        self.claims.roles.iter().copied().filter(still).collect()
    }

    /// Insists on a scope: the token must confer it, and the roles of the account must do so still.
    ///
    /// # Errors
    ///
    /// [`Error::InsufficientScope`].
    pub fn requires(&self, scope: Scope) -> Result<(), Error> {
        let conferred = self.claims.scopes().any(|name| name == scope.as_str());
        let permitted = self.user.roles.iter().any(|role| role.confers(scope));
        if conferred && permitted {
            Ok(())
        } else {
            Err(Error::InsufficientScope(scope))
        }
    }

    /// Insists on a role: the token must carry it, and the account must have it still.
    ///
    /// # Errors
    ///
    /// [`Error::MissingRole`].
    pub fn requires_role(&self, role: Role) -> Result<(), Error> {
        if self.roles().contains(&role) {
            Ok(())
        } else {
            Err(Error::MissingRole(role))
        }
    }

    /// Insists that the password of this session was given at most so many seconds ago.
    ///
    /// # Errors
    ///
    /// [`Error::NotFresh`].
    pub fn requires_password_within(&self, max_age: u32, now: Timestamp) -> Result<(), Error> {
        if now <= self.session.auth_time.saturating_add(max_age.into()) {
            Ok(())
        } else {
            Err(Error::NotFresh(max_age))
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Arc<SessionGuard>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Arc::<SessionGuard>::from_ref(state)
            .admit(&parts.headers, &Gateway::of(&parts.extensions), now())
            .await
    }
}
