//! `/account/email`: the page that the mailed links of addresses lead to.

use accounts::{Email, Purpose, Refused, TicketText};
use api::{Error, Gateway, Reader, Shown};
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use pages::Errand;
use zeroize::Zeroizing;

use crate::App;
use crate::proof::PURPOSES;

/// The content of the page: the code that is typed where its reader is signed in.
struct Told {
    purpose: Purpose,
    address: Option<Email>,
    code: Zeroizing<String>,
}

/// Shows the code of a link, and changes nothing: whoever opens the link may have been lured here,
/// or be a program.
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    gateway: Gateway,
    uri: Uri,
) -> Result<Response, Error> {
    let ticket = api::parameter(&uri, "ticket").unwrap_or_default();
    let told = match app.told(&ticket, &gateway).await {
        Ok(told) => told,
        Err(error) => return reader.refused(error, Errand::Address),
    };
    let frame = reader.frame();
    let page = match &told.address {
        Some(address) if told.purpose == Purpose::Email => {
            pages::confirm_address(frame, address.as_str(), &told.code)
        }
        _ => pages::agree_to_address(frame, &told.code),
    };
    Ok(page.into_response())
}

impl App {
    /// Looks at the ticket of a link. The account is not read: that it has changed since is told
    /// when the code is shown.
    async fn told(&self, ticket: &str, gateway: &Gateway) -> Result<Told, Error> {
        let (mailing, now) = (self.mailing()?, api::now());
        let keys = self.keys.at(now).await?;
        let read = |purpose: &Purpose| TicketText::parse(ticket, *purpose, &keys, now);
        let Some(TicketText::Link(_)) = PURPOSES.iter().find_map(read) else {
            return Err(Error::UnknownTicket);
        };
        let (tables, at) = ((&mailing.mails, &self.throttles), (gateway, now));
        let shown = Shown::link(ticket);
        let proving = self
            .settings
            .tickets
            .prove(tables, &keys, &shown, &PURPOSES, at);
        let proven = proving.await?;
        match proven.row.judge(None, now) {
            Ok(()) | Err(Refused::Superseded) => {}
            Err(refused) => return Err(refused.into()),
        }
        let code = proven.row.ticket.seed.code(proven.purpose, &keys, now)?;
        let code = code.grouped();
        let digits = code.chars().filter(char::is_ascii_digit);
        Ok(Told {
            purpose: proven.purpose,
            code: Zeroizing::new(digits.collect()),
            address: proven.row.mail.map(|mail| mail.to.address),
        })
    }
}
