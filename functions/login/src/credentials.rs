use accounts::{
    Email, LoginName, MacKeys, Password, RefreshToken, ThrottleKey, Timestamp, User, Verdict,
};
use api::{Error, Event, Fields, Gateway, note};
use tables::Login;
use tracing::warn;
use zeroize::Zeroizing;

use crate::App;

/// What somebody signs in with.
pub(crate) struct Credentials {
    name: LoginName,
    pub(crate) password: Password,
    device_token: Option<Zeroizing<String>>,
}

impl Credentials {
    pub(crate) fn parse(mut fields: Fields) -> Result<Self, Error> {
        let username = fields.optional("username", LoginName::parse);
        let email = fields.optional("email", Email::parse);
        let name = match (username, email) {
            (Some(username), None) => Some(username),
            (None, Some(email)) => Some(LoginName::from(&email)),
            (Some(_), Some(_)) => {
                fields.refuse(
                    "email",
                    "is one name too many: give either a username or an email",
                );
                None
            }
            (None, None) if fields.is_ok() => {
                fields.refuse("username", "is missing: give a username or an email");
                None
            }
            (None, None) => None,
        };
        let password = fields.required("password", Password::parse);
        let device_token = fields.optional_secret("device_token");
        let parsed = name.zip(password).map(|(name, password)| Self {
            name,
            password,
            device_token,
        });
        fields.finish(parsed)
    }
}

impl App {
    /// What the credentials sign in to. How much is done, and in what order, does not depend on
    /// whether anybody has the name.
    pub(crate) async fn verify(
        &self,
        credentials: &Credentials,
        macs: &MacKeys,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<(Login, Verdict), Error> {
        let login = self.attempt(credentials, macs, gateway, now).await?;
        let hash = login.as_ref().map(|login| &login.password_hash);
        let verdict = self.hasher.verify(&credentials.password, hash);
        match (login, verdict.map_err(Error::internal)?) {
            (Some(login), verdict @ (Verdict::Right | Verdict::RightButOutdated)) => {
                Ok((login, verdict))
            }
            _ => {
                let address = ThrottleKey::address(&gateway.device);
                self.throttles.count(&address, self.failures, now).await?;
                Err(Error::InvalidCredentials)
            }
        }
    }

    /// Reads the login, if there may be another attempt at it.
    ///
    /// A device that was signed in to the account before has an allowance of its own, and its address
    /// does not count: so strangers cannot shut the owner out.
    async fn attempt(
        &self,
        credentials: &Credentials,
        macs: &MacKeys,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Option<Login>, Error> {
        let device = credentials
            .device_token
            .as_ref()
            .and_then(|token| RefreshToken::parse(token, macs, now));
        let address = ThrottleKey::address(&gateway.device);
        let by_name = ThrottleKey::login(&credentials.name);
        let key = match &device {
            Some(token) => ThrottleKey::device(token.session_id),
            None => by_name.clone(),
        };
        let (login, wait, blocked) = tokio::join!(
            self.logins.get(&credentials.name),
            self.throttles.take(&key, self.allowance, now),
            self.throttles.blocked(&address, self.failures, now),
        );
        let (login, mut wait, blocked) = (login?, wait?, blocked?);
        if let Some(token) = device {
            if login.as_ref().map(|login| login.user_id) == Some(token.user_id) {
                return wait.map_or(Ok(login), |wait| Err(Error::TooManyRequests(wait)));
            }
            // A token of somebody else's is none, or it would open a second allowance for the name.
            wait = self.throttles.take(&by_name, self.allowance, now).await?;
        }
        match wait.max(blocked) {
            None => Ok(login),
            Some(wait) => Err(Error::TooManyRequests(wait)),
        }
    }

    /// Brings the stored hash up to the current cost. The password was right either way, so that
    /// whatever hinders it only puts it off to the next login.
    pub(crate) async fn rehash(&self, user: &User, login: &Login, password: &Password) {
        let Ok(new) = self.hasher.hash(password) else {
            return;
        };
        let old = &login.password_hash;
        match self.logins.rehash(&self.users, user, old, &new).await {
            Ok(()) => note(Event::PasswordRehashed),
            Err(error) => warn!("password not rehashed: {error}"),
        }
    }
}
