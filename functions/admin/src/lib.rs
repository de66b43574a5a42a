//! `/admin/users`: what an administrator may do with the accounts of others.
//!
//! Every change is written on the condition that the administrator's account is as it was read, and
//! none is made to that account itself: so the last administrator cannot vanish, whatever races.
//! Nobody gives or takes a scope that they lack, or changes an account that has one. The notice of
//! what is done to an account is ordered in the transaction that does it.

mod account_answer;
mod change;
mod factors;
mod find;
mod mails;

use std::sync::Arc;

use api::{ConfigError, Environment, Freshness, SessionGuard, TicketSeeds, UserAnswers};
use axum::Router;
use axum::extract::FromRef;
use axum::routing::{delete, get, post, put};
use claims::Roles;
use tables::{Accounts, Factors, Logins, Sessions, Users};

use mails::Outbox;

/// The tables, keys and settings of this function.
#[derive(Clone, FromRef)]
pub struct App {
    guard: Arc<SessionGuard>,
    accounts: Accounts,
    logins: Logins,
    users: Users,
    factors: Factors,
    sessions: Sessions,
    answers: UserAnswers,
    /// Nothing where no mail is sent.
    outbox: Option<Arc<Outbox>>,
    settings: Arc<Settings>,
}

/// The settings of the deployment's owner.
struct Settings {
    roles: Arc<Roles>,
    /// The definition of a fresh session.
    freshness: Freshness,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        let outbox = match environment.mailing()? {
            None => None,
            Some(mailing) => {
                let mailing = mailing.without_asker();
                let seeds = TicketSeeds::new(environment)?;
                Some(Arc::new(Outbox { mailing, seeds }))
            }
        };
        Ok(Self {
            outbox,
            guard: Arc::new(SessionGuard::new(environment)?),
            accounts: environment.accounts()?,
            logins: environment.logins()?,
            users: environment.users()?,
            factors: environment.factors()?,
            sessions: environment.sessions()?,
            answers: UserAnswers::new(environment)?,
            settings: Arc::new(Settings {
                roles: environment.roles()?,
                freshness: environment.freshness()?,
            }),
        })
    }

    async fn warm(&self) {
        self.guard.warm().await;
    }

    fn router(self) -> Router {
        let user = get(find::show)
            .patch(change::set_status)
            .delete(change::delete);
        let routes = Router::new()
            .route("/admin/users", get(find::list).post(mails::invite))
            .route("/admin/users/{id}", user)
            .route("/admin/users/{id}/factors", delete(factors::remove))
            .route("/admin/users/{id}/password-reset", post(mails::send_reset))
            .route("/admin/users/{id}/roles", put(change::set_roles))
            .route("/admin/users/{id}/sessions", delete(change::end_sessions))
            .with_state(self);
        api::layered(routes)
    }
}
