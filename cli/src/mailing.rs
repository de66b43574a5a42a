//! The mails that an operator orders.

use std::time::{Duration, UNIX_EPOCH};

use accounts::{Email, TicketSeed, Timestamp, User};
use tables::{Asker, Mail, MailedRow, Mails, Notice, NoticeKind, Permit, Recipient, TicketRow};

use crate::Error;
use crate::stack::Stack;

/// The mails of a deployment that sends any. Nobody asks for them from a network or a device.
pub(crate) struct Mailing {
    pub(crate) mails: Mails,
    issuer: String,
}

impl Mailing {
    /// The mails of the stack; `None` if it sends none.
    pub(crate) async fn of(stack: &Stack) -> Result<Option<Self>, Error> {
        if stack.mail_from().await?.is_none() {
            return Ok(None);
        }
        let table = stack.physical_id("MailsTable").await?;
        Ok(Some(Self {
            mails: Mails::new(&stack.dynamodb(), &table),
            issuer: stack.issuer().await?,
        }))
    }

    /// Stores a ticket for an address, which orders its mail, and returns when it expires. Link and
    /// code are not known here. The time is that of DynamoDB's answer: by a wrong clock of this
    /// machine a ticket would expire too early or too late.
    pub(crate) async fn order(
        &self,
        stack: &Stack,
        user: Option<&User>,
        permit: Permit,
        life: Duration,
        to: &Email,
    ) -> Result<Timestamp, Error> {
        let (times, now) = stack.mac_times().await?;
        let seed = TicketSeed::generate_without_key(&times, now)?;
        let mail = Mail {
            to: Recipient {
                address: to.clone(),
                locale: user.and_then(|user| user.locale.as_ref().map(ToString::to_string)),
            },
            issuer: self.issuer.clone(),
            asker: Asker::default(),
        };
        let expires_at = now.saturating_add(life.as_secs());
        let row = TicketRow::new(seed, user, permit, expires_at, Some(mail));
        self.mails.issue(&MailedRow::Ticket(row)).await?;
        Ok(expires_at)
    }

    /// The notice of what happens to an account now; `None` if it has no address that is verified.
    pub(crate) fn notice(&self, user: &User, kind: NoticeKind) -> Result<Option<Notice>, Error> {
        let now = UNIX_EPOCH.elapsed()?.as_secs();
        let origin = (&*self.issuer, &Asker::default());
        Ok(Notice::of(user, kind, now, origin)?)
    }
}
