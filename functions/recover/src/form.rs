//! The page of `/reset-password`: the form for a ticket, or why there is none.

use std::sync::Arc;

use accounts::{Email, Purpose, TicketText};
use api::{Error, Gateway, Reader, Shown};
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use pages::{Errand, Frame, Mistake, Page, Proof};
use zeroize::Zeroizing;

use crate::App;

/// The form by which a ticket is used.
pub(crate) struct Form {
    ticket: Zeroizing<String>,
    proof: Shows,
    least_characters: usize,
}

/// The proof that a ticket needs beside itself.
enum Shows {
    /// Nothing: it is a link, which went to this address.
    Link(Option<Email>),
    /// A code: it is a handle.
    Handle,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    reader: Reader,
    gateway: Gateway,
    uri: Uri,
) -> Result<Response, Error> {
    let ticket = api::parameter(&uri, "ticket").unwrap_or_default();
    match app.form(ticket, &gateway).await {
        Ok(form) => Ok(form
            .page(reader.frame(), StatusCode::OK, "", &[])
            .into_response()),
        Err(error) => reader.refused(error, Errand::Reset),
    }
}

impl App {
    /// The form for a ticket. A link is looked at, and the account that it is for, which changes
    /// nothing: nobody types a password for a link that permits nothing any more. A handle proves
    /// nothing, and nothing is told about it.
    pub(crate) async fn form(
        &self,
        ticket: Zeroizing<String>,
        gateway: &Gateway,
    ) -> Result<Form, Error> {
        let (mailing, now) = (self.mailing()?, api::now());
        let keys = self.keys.at(now).await?;
        let text = TicketText::parse(&ticket, Purpose::Reset, &keys, now);
        let proof = match text.ok_or(Error::UnknownTicket)? {
            TicketText::Handle(_) => Shows::Handle,
            TicketText::Link(_) => {
                let shown = Shown::link(&ticket);
                let proven = self.prove(mailing, &keys, &shown, (gateway, now)).await?;
                self.owner(&proven.row, now).await?;
                Shows::Link(proven.row.mail.map(|mail| mail.to.address))
            }
        };
        Ok(Form {
            ticket,
            proof,
            least_characters: self.least_characters,
        })
    }
}

impl Form {
    /// The page; `code` is the one that was typed before, or nothing.
    pub(crate) fn page(
        &self,
        frame: Frame<'_>,
        status: StatusCode,
        code: &str,
        mistakes: &[Mistake],
    ) -> Page {
        let ticket = self.ticket.as_str();
        let proof = match &self.proof {
            Shows::Link(address) => Proof::Link {
                ticket,
                address: address.as_ref().map(Email::as_str),
            },
            Shows::Handle => Proof::Handle { ticket, code },
        };
        pages::reset_password(frame, status, proof, self.least_characters, mistakes)
    }
}
