//! The proof that a bearer reads the mail of a ticket.

use accounts::{
    FailureLimit, Handle, Link, MacKeys, Purpose, Refused, ThrottleKey, TicketCode, TicketText,
    Timestamp,
};
use tables::{Mails, SignUpError, SpendError, Throttles, TicketRow};
use zeroize::Zeroizing;

use crate::{ConfigError, Environment, Error, Fields, Gateway};

/// The members of a request that show a ticket: `ticket`, a handle or a link, and `code`, which a
/// handle needs.
pub struct Shown {
    ticket: Zeroizing<String>,
    code: Option<Zeroizing<String>>,
}

/// The rule by which a bearer proves to read the mail of a ticket.
#[derive(Clone, Copy, Debug)]
pub struct TicketGuard {
    failures: FailureLimit,
}

/// A ticket whose bearer has proved to read its mail, and may be told its state.
#[derive(Clone, Debug)]
pub struct Proven {
    /// Its row, as it was read.
    pub row: TicketRow,
    /// The purpose of the text that was shown.
    pub purpose: Purpose,
    link: Link,
}

impl Shown {
    /// Takes the members out of a request.
    pub fn of(fields: &mut Fields) -> Option<Self> {
        let ticket = fields.secret("ticket");
        let code = fields.optional_secret("code");
        ticket.map(|ticket| Self { ticket, code })
    }

    /// The ticket of a link, which needs no code.
    pub fn link(text: &str) -> Self {
        Self {
            ticket: Zeroizing::new(text.to_owned()),
            code: None,
        }
    }
}

impl Environment {
    /// The rule, by `ADDRESS_FAILURES` and `THROTTLE_WINDOW`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, no number, or out of bounds.
    pub fn ticket_guard(&self) -> Result<TicketGuard, ConfigError> {
        Ok(TicketGuard {
            failures: self.failure_limit("ADDRESS_FAILURES")?,
        })
    }
}

impl TicketGuard {
    /// Checks what is shown, for one of these purposes. A link is looked at, which changes nothing.
    /// A code is a guess, and counts: of the ticket before it is compared, and of the network when
    /// it was wrong.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownTicket`] where the text is malformed, forged, of another purpose or long
    /// gone; [`Error::InvalidCode`], the one answer to a handle with a wrong code, whatever became
    /// of the ticket; [`Error::BadRequest`] where a handle has no code beside it;
    /// [`Error::TooManyRequests`] for a network with too many failures; [`Error::Unavailable`].
    pub async fn prove(
        &self,
        (mails, throttles): (&Mails, &Throttles),
        keys: &MacKeys,
        shown: &Shown,
        purposes: &[Purpose],
        (gateway, now): (&Gateway, Timestamp),
    ) -> Result<Proven, Error> {
        let read = |purpose: &Purpose| TicketText::parse(&shown.ticket, *purpose, keys, now);
        let text = purposes.iter().find_map(read);
        let text = text.ok_or(Error::UnknownTicket)?;
        let purpose = text.handle().purpose();
        match text {
            TicketText::Link(link) => {
                let text = TicketText::Link(link.clone());
                let row = mails.look(&text).await?.ok_or(Error::UnknownTicket)?;
                if !row.ticket.is_proved_by(&text, None, keys, now)? {
                    return Err(Error::UnknownTicket);
                }
                Ok(Proven { row, purpose, link })
            }
            TicketText::Handle(handle) => {
                let Some(code) = &shown.code else {
                    return Err(Error::field("code", "is missing"));
                };
                let code = TicketCode::parse(code).ok_or(Error::InvalidCode)?;
                let network = ThrottleKey::address(&gateway.device);
                Error::check_wait(throttles.blocked(&network, self.failures, now).await?)?;
                if let Some(row) = mails.guess(&handle).await?
                    && let Some(purpose) = guessed(&row, &handle, &code, purposes, (keys, now))?
                {
                    let link = row.ticket.seed.link(purpose, keys, now)?;
                    return Ok(Proven { row, purpose, link });
                }
                throttles.count(&network, self.failures, now).await?;
                Err(Error::InvalidCode)
            }
        }
    }
}

/// Returns the purpose whose code it is, among those whose tickets are in the row of the handle: a
/// client that has one handle of the row can show each code of it.
fn guessed(
    row: &TicketRow,
    handle: &Handle,
    code: &TicketCode,
    purposes: &[Purpose],
    (keys, now): (&MacKeys, Timestamp),
) -> Result<Option<Purpose>, Error> {
    let of_row = |purpose: &&Purpose| purpose.row() == handle.purpose().row();
    let mut found = None;
    for purpose in purposes.iter().filter(of_row) {
        let text = TicketText::Handle(row.ticket.seed.handle(*purpose, keys, now)?);
        if row.ticket.is_proved_by(&text, Some(code), keys, now)? {
            found = Some(*purpose);
        }
    }
    Ok(found)
}

impl Proven {
    /// The name of the ticket.
    pub fn handle(&self) -> &Handle {
        self.link.handle()
    }

    /// Returns the answer to a request whose effect was refused, and whose ticket is not spent: with
    /// the text of the link, by which the next try needs no code.
    pub fn carried_by(&self, error: Error) -> Error {
        Error::Carrying(Box::new(error), self.link.clone())
    }

    /// The text of the link, for a page that asks on.
    pub fn link_text(&self) -> Zeroizing<String> {
        self.link.to_text()
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::TicketRefused(refused)
    }
}

impl From<SpendError> for Error {
    fn from(error: SpendError) -> Self {
        match error {
            SpendError::Refused(refused) => refused.into(),
            SpendError::Account(error) => error.into(),
            SpendError::Table(error) => error.into(),
        }
    }
}

impl From<SignUpError> for Error {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Refused(refused) => refused.into(),
            SignUpError::Account(error) => error.into(),
        }
    }
}
