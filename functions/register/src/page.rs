//! The pages `/signup` and `/signup/confirm`.

use std::sync::Arc;

use accounts::{Email, Purpose, TicketText};
use api::{AskedLanguage, Error, Feature, Form, Gateway, Reader, Shown, parameter};
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use pages::{Errand, Frame, Mistake, Page, Proof};
use zeroize::Zeroizing;

use crate::mode::Mode;
use crate::{App, ask};

pub(crate) async fn form(State(app): State<Arc<App>>, reader: Reader) -> Result<Page, Error> {
    app.check_mode()?;
    Ok(pages::sign_up(reader.frame(), StatusCode::OK, "", &[]))
}

pub(crate) async fn ask(
    State(app): State<Arc<App>>,
    reader: Option<Reader>,
    AskedLanguage(language): AskedLanguage,
    gateway: Gateway,
    form: Form,
) -> Result<Response, Error> {
    let reader = reader.ok_or(Error::NotFound)?;
    app.check_mode()?;
    let fields = form.fields();
    let typed = fields.typed("email");
    let asked = match ask::parse(fields) {
        Ok(email) => app.ask(&gateway, language, email).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(asked) => {
            let page = pages::sign_up_mailed(reader.frame(), &typed, &asked.ticket);
            Ok(page.into_response())
        }
        Err(error) => reader.again(error, |frame, status, mistakes| {
            pages::sign_up(frame, status, &typed, mistakes)
        }),
    }
}

pub(crate) async fn look(
    State(app): State<Arc<App>>,
    reader: Reader,
    gateway: Gateway,
    uri: Uri,
) -> Result<Response, Error> {
    let ticket = parameter(&uri, "ticket").unwrap_or_default();
    match app.proof(ticket, &gateway).await {
        Ok(proof) => {
            let page = app.page(reader.frame(), StatusCode::OK, &proof, ("", ""), &[]);
            Ok(page.into_response())
        }
        Err(error) => reader.refused(error, Errand::SignUp),
    }
}

pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    reader: Option<Reader>,
    gateway: Gateway,
    form: Form,
) -> Result<Response, Error> {
    let reader = reader.ok_or(Error::NotFound)?;
    let fields = form.fields();
    let [ticket, code, username] = ["ticket", "code", "username"].map(|name| fields.typed(name));
    let Err(error) = app.sign_up(&gateway, fields).await else {
        return Ok(pages::signed_up(reader.frame()).into_response());
    };
    if is_of_a_taken_address(&error) {
        error.note();
        return Ok(pages::address_taken(reader.frame()).into_response());
    }
    let error = match reader.refused(error, Errand::SignUp) {
        Ok(page) => return Ok(page),
        Err(error) => error,
    };
    // A right code is worth the link.
    let ticket = match &error {
        Error::Carrying(_, link) => link.to_text(),
        _ => ticket,
    };
    match app.proof(ticket, &gateway).await {
        Ok(proof) => reader.again(error, |frame, status, mistakes| {
            app.page(frame, status, &proof, (&code, &username), mistakes)
        }),
        Err(refused) => reader.refused(refused, Errand::SignUp),
    }
}

/// The proof that a form carries.
struct Carried {
    ticket: Zeroizing<String>,
    kind: Kind,
}

enum Kind {
    /// A link, which went to this address.
    Link(Option<Email>),
    /// A handle, which wants a code beside it.
    Handle,
}

impl App {
    /// Checks that strangers may sign up, by mail.
    fn check_mode(&self) -> Result<(), Error> {
        self.mailing()?;
        match self.mode {
            Mode::Confirmed => Ok(()),
            Mode::Open => Err(Error::FeatureDisabled(Feature::ConfirmedRegistration)),
            Mode::Closed => Err(Error::RegistrationClosed),
        }
    }

    /// The proof that a form for this ticket carries. A link is looked at, which changes nothing; a
    /// handle is not.
    async fn proof(&self, ticket: Zeroizing<String>, gateway: &Gateway) -> Result<Carried, Error> {
        let (mailing, now) = (self.mailing()?, api::now());
        let sign_in = self.tokens.open(gateway, now).await?;
        let (keys, purpose) = (sign_in.macs(), Purpose::Signup);
        let text = TicketText::parse(&ticket, purpose, keys, now);
        let kind = match text.ok_or(Error::UnknownTicket)? {
            TicketText::Handle(_) => Kind::Handle,
            TicketText::Link(_) => {
                let shown = Shown::link(&ticket);
                let tables = (&mailing.mails, &self.throttles);
                let at = (gateway, now);
                let purposes = &[purpose];
                let proven = self.guard.prove(tables, keys, &shown, purposes, at);
                let row = proven.await?.row;
                row.judge(None, now)?;
                Kind::Link(row.mail.map(|mail| mail.to.address))
            }
        };
        Ok(Carried { ticket, kind })
    }

    /// The form; code and username are those that were typed before, or nothing.
    fn page(
        &self,
        frame: Frame<'_>,
        status: StatusCode,
        carried: &Carried,
        (code, username): (&str, &str),
        mistakes: &[Mistake],
    ) -> Page {
        let ticket = carried.ticket.as_str();
        let proof = match &carried.kind {
            Kind::Link(address) => Proof::Link {
                ticket,
                address: address.as_ref().map(Email::as_str),
            },
            Kind::Handle => Proof::Handle { ticket, code },
        };
        let least = self.min_password_length;
        pages::confirm_sign_up(frame, status, proof, username, least, mistakes)
    }
}

/// Returns whether the owner of the address has an account, and no use for this form.
fn is_of_a_taken_address(error: &Error) -> bool {
    match error {
        Error::Carrying(error, _) => is_of_a_taken_address(error),
        Error::Conflict(taken) => taken.iter().any(|taken| taken.field == "email"),
        _ => false,
    }
}
