//! `/forgot-password` and `/reset-password`: a new password for whoever reads the mail of an
//! account's address. Each is a page and a route of JSON on one path.

mod ask;
mod form;
mod reset;

use std::sync::Arc;

use accounts::{MacKeys, PasswordHasher, PasswordPolicy, Purpose, Timestamp, User};
use api::{
    ConfigError, Environment, Error, Feature, Gateway, MailLimits, Mailing, Pages, Proven,
    RefreshKeys, Shown, TicketGuard,
};
use axum::Router;
use axum::routing::get;
use tables::{Factors, Logins, Throttles, TicketRow, Users};

/// The tables, keys and settings of this function.
pub struct App {
    mailing: Option<Mailing>,
    keys: RefreshKeys,
    logins: Logins,
    users: Users,
    factors: Factors,
    throttles: Throttles,
    limits: MailLimits,
    guard: TicketGuard,
    policy: PasswordPolicy,
    least_characters: usize,
    hasher: PasswordHasher,
    pages: Pages,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            mailing: environment.mailing()?,
            keys: RefreshKeys::new(environment)?,
            logins: environment.logins()?,
            users: environment.users()?,
            factors: environment.factors()?,
            throttles: environment.throttles()?,
            limits: environment.mail_limits()?,
            guard: environment.ticket_guard()?,
            policy: environment.password_policy()?,
            least_characters: environment.min_password_length()? as usize,
            hasher: environment.password_hasher()?,
            pages: environment.pages()?,
        })
    }

    async fn warm(&self) {
        self.keys.warm_with(&self.hasher).await;
    }

    fn router(self) -> Router {
        let pages = self.pages.clone();
        let routes = Router::new()
            .route("/forgot-password", get(ask::show).post(ask::ask))
            .route("/reset-password", get(form::show).post(reset::reset))
            .with_state(Arc::new(self));
        pages.layered(routes, &["/forgot-password", "/reset-password"])
    }
}

impl App {
    /// Nothing here is without mail.
    fn mailing(&self) -> Result<&Mailing, Error> {
        let mailing = self.mailing.as_ref();
        mailing.ok_or(Error::FeatureDisabled(Feature::Mail))
    }

    /// Checks what a bearer shows.
    async fn prove(
        &self,
        mailing: &Mailing,
        keys: &MacKeys,
        shown: &Shown,
        at: (&Gateway, Timestamp),
    ) -> Result<Proven, Error> {
        let tables = (&mailing.mails, &self.throttles);
        let purposes = [Purpose::Reset];
        self.guard.prove(tables, keys, shown, &purposes, at).await
    }

    /// Reads the account of a ticket that is proven, where the ticket still permits a reset.
    async fn owner(&self, row: &TicketRow, now: Timestamp) -> Result<User, Error> {
        let user = match row.ticket.owner {
            Some(owner) => self.users.get(owner.user_id).await?,
            None => None,
        };
        row.judge(user.as_ref(), now)?;
        // A ticket for nobody is never proven.
        user.ok_or(Error::UnknownTicket)
    }
}
