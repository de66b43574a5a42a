//! An account by a mailed link or code.

use std::sync::Arc;
use std::time::Duration;

use accounts::{Password, Purpose, Session, ThrottleKey, TicketText, Timestamp, User, Username};
use api::{Error, Event, Fields, Gateway, Mailing, Proven, Shown, SignIn, note};
use axum::extract::State;
use tables::{Permit, PermittedSignup, Spend};

use crate::App;
use crate::mode::Mode;
use crate::open::parse_password;
use crate::registered::Registered;

/// A proven ticket, and the account that its bearer wants.
struct Bearer<'a> {
    mailing: &'a Mailing,
    sign_in: SignIn<'a>,
    proven: Proven,
    wanted: Wanted,
    now: Timestamp,
}

/// The members of an account that its owner chooses.
struct Wanted {
    username: Option<Username>,
    password: Password,
}

pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    gateway: Gateway,
    fields: Fields,
) -> Result<Registered, Error> {
    let bearer = app.prove(&gateway, fields).await?;
    let registered = app.sign_up_and_in(&bearer).await;
    registered.map_err(|error| bearer.told(error))
}

impl App {
    /// Makes an account by the ticket that the fields show, and begins no session.
    pub(crate) async fn sign_up(&self, gateway: &Gateway, fields: Fields) -> Result<(), Error> {
        let bearer = self.prove(gateway, fields).await?;
        let made = match bearer.account(self) {
            Ok(user) => self.make(&bearer, &user, None).await,
            Err(error) => Err(error),
        };
        made.map_err(|error| bearer.told(error))
    }

    async fn sign_up_and_in(&self, bearer: &Bearer<'_>) -> Result<Registered, Error> {
        let user = bearer.account(self)?;
        let begun = self.begin(&bearer.sign_in, &user, bearer.now)?;
        self.make(bearer, &user, begun.session()).await?;
        let next = begun.answer(&bearer.sign_in, &user)?;
        Ok(Registered {
            user: self.answers.of(user),
            next,
            email_ticket: None,
        })
    }

    /// The password is judged before the code is guessed, so that a weak one costs no guess. A try
    /// by a link, which can be repeated for as long as names are taken, is a registration of its
    /// network: it costs a hash, and tells as much about names.
    async fn prove<'a>(
        &'a self,
        gateway: &'a Gateway,
        mut fields: Fields,
    ) -> Result<Bearer<'a>, Error> {
        let mailing = self.mailing()?;
        let text = fields.typed("ticket");
        let shown = Shown::of(&mut fields);
        let username = fields.optional("username", Username::parse);
        let password = parse_password(&mut fields, &self.policy);
        let (shown, password) = fields.finish(shown.zip(password))?;
        self.policy
            .check_guessing_by_anybody(&password)
            .map_err(|reason| Error::field("password", reason))?;

        let now = api::now();
        let sign_in = self.tokens.open(gateway, now).await?;
        let keys = sign_in.macs();
        let text = TicketText::parse(&text, Purpose::Signup, keys, now);
        let text = text.ok_or(Error::UnknownTicket)?;
        let tables = (&mailing.mails, &self.throttles);
        let (purposes, at) = (&[Purpose::Signup], (gateway, now));
        let (wait, proven) = tokio::join!(
            self.take_try(&text, gateway, now),
            self.guard.prove(tables, keys, &shown, purposes, at),
        );
        let proven = proven?;
        Error::check_wait(wait?).map_err(|error| proven.carried_by(error))?;
        Ok(Bearer {
            mailing,
            proven,
            sign_in,
            wanted: Wanted { username, password },
            now,
        })
    }

    /// Takes a registration for a link. The guesses at a code are counted already.
    async fn take_try(
        &self,
        text: &TicketText,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Option<Duration>, tables::Error> {
        match text {
            TicketText::Handle(_) => Ok(None),
            TicketText::Link(_) => {
                let from = ThrottleKey::registration(&gateway.device);
                self.throttles.take(&from, self.allowance, now).await
            }
        }
    }

    /// Stores the account, and its first session if there is one, and spends the ticket.
    async fn make(
        &self,
        bearer: &Bearer<'_>,
        user: &User,
        session: Option<&Session>,
    ) -> Result<(), Error> {
        let hash = self.hasher.hash(&bearer.wanted.password);
        let hash = hash.map_err(Error::internal)?;
        let attempt = user.id.to_string();
        let spend = Spend {
            row: &bearer.proven.row,
            attempt: &attempt,
            now: bearer.now,
        };
        let mails = &bearer.mailing.mails;
        let made = mails.sign_up(&self.accounts, &spend, user, &hash, session);
        made.await?;
        note(Event::AccountRegistered);
        Ok(())
    }
}

impl Bearer<'_> {
    /// The account that the ticket makes, if it still makes one.
    fn account(&self, app: &App) -> Result<User, Error> {
        let row = &self.proven.row;
        row.judge(None, self.now)?;
        // Tickets are out when an owner closes registration. Nobody was invited by these.
        let is_asked_for = row.permit == Permit::Signup(PermittedSignup::Free);
        if app.mode == Mode::Closed && is_asked_for {
            return Err(Error::RegistrationClosed);
        }
        let username = self.wanted.username.clone();
        // A ticket for a taken address is never proven.
        let user = row.new_account(username, self.now);
        let user = user.ok_or(Error::UnknownTicket)?;
        app.policy
            .check_guessing(&self.wanted.password, &user.names)
            .map_err(|reason| Error::field("password", reason))?;
        Ok(user)
    }

    /// The answer to what was refused after the proof. As long as the ticket is good, it has the
    /// link's text.
    fn told(&self, error: Error) -> Error {
        match error {
            Error::TicketRefused(_) => error,
            error => self.proven.carried_by(error),
        }
    }
}
