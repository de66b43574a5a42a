//! The links in letters.

use accounts::{Link, Purpose};
use zeroize::Zeroizing;

use crate::Sender;

/// The link of a ticket: the page for its purpose, with the text of the ticket.
pub(crate) fn of_ticket(sender: &Sender, issuer: &str, link: &Link) -> Zeroizing<String> {
    let base = sender.app_url.as_deref().unwrap_or(issuer);
    let page = match link.handle().purpose() {
        Purpose::Signup => "/signup/confirm",
        Purpose::Email | Purpose::Agree => "/account/email",
        Purpose::Reset => "/reset-password",
    };
    let text = link.to_text();
    Zeroizing::new(format!("{base}{page}?ticket={}", text.as_str()))
}

/// The page on which a new password is asked for. It has no ticket.
pub(crate) fn to_ask_for_a_reset(issuer: &str) -> String {
    format!("{issuer}/forgot-password")
}
