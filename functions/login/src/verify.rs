//! The verification of credentials.

use accounts::{MacKeys, Password, RefreshToken, Timestamp, User, Verdict};
use api::{Error, Event, Gateway, note};
use tables::Login;
use tracing::warn;

use crate::App;
use crate::attempt::Attempt;
use crate::credentials::Credentials;

/// Credentials that were right.
pub(crate) struct Verified {
    pub(crate) login: Login,
    pub(crate) verdict: Verdict,
    /// An earlier refresh token of the account, where the client brought one.
    pub(crate) device: Option<RefreshToken>,
}

impl App {
    /// Verifies credentials. The work and its order do not depend on whether anybody has the name.
    pub(crate) async fn verify(
        &self,
        credentials: &Credentials,
        macs: &MacKeys,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Verified, Error> {
        let Attempt { login, device } = self.attempt(credentials, macs, gateway, now).await?;
        let hash = login
            .as_ref()
            .and_then(|login| login.password_hash.as_ref());
        let verdict = self.hasher.verify(&credentials.password, hash);
        match (login, verdict.map_err(Error::internal)?) {
            (Some(login), verdict @ (Verdict::Right | Verdict::RightButOutdated)) => Ok(Verified {
                login,
                verdict,
                device,
            }),
            _ => {
                self.count_failure(credentials, gateway, now).await?;
                Err(Error::InvalidCredentials)
            }
        }
    }

    /// As [`rehash`](Self::rehash), before the account was read: no later step of the sign-in has the
    /// password.
    pub(crate) async fn rehash_unseen(&self, login: &Login, password: &Password) {
        match self.users.get(login.owner.user_id).await {
            Ok(Some(user)) => self.rehash(&user, login, password).await,
            Ok(None) => {}
            Err(error) => warn!("password not rehashed: {error}"),
        }
    }

    /// Brings the stored hash up to the current cost. The password was right either way, so that
    /// whatever hinders it only puts it off to the next login.
    pub(crate) async fn rehash(&self, user: &User, login: &Login, password: &Password) {
        let new = self.hasher.hash(password);
        let (Some(old), Ok(new)) = (&login.password_hash, new) else {
            return;
        };
        match self.logins.rehash(&self.users, user, old, &new).await {
            Ok(()) => note(Event::PasswordRehashed),
            Err(error) => warn!("password not rehashed: {error}"),
        }
    }
}
