//! Tickets that a test issues, as a function does.

use std::sync::Arc;

use accounts::{Email, MacKeys, Purpose, TicketSeed, User};
use api::RefreshKeys;
use tables::{Asker, Mail, MailedRow, Permit, PermittedSignup, Recipient, TicketRow};

use crate::Stack;

impl Stack {
    /// Orders a mail to an address that no account has: a reset, good for half an hour.
    ///
    /// # Panics
    ///
    /// Where the ring cannot be read, or the row not be stored.
    pub async fn order(&self, address: &str) -> TicketRow {
        let address = Email::parse(address).expect("an address");
        let permit = Permit::Reset {
            address: Some(address.clone()),
        };
        self.issue(None, permit, address).await
    }

    /// Issues a ticket to an account, as if it had been asked for, and returns the text of its
    /// link.
    ///
    /// # Panics
    ///
    /// Where the ring cannot be read, or the row not be stored.
    pub async fn ticket(&self, purpose: Purpose, user: &User) -> String {
        // Each account has an address of its own elsewhere, so that none takes another's.
        let elsewhere = || Email::parse(&format!("{}@example.com", user.id)).expect("an address");
        let address = user.names.email().cloned();
        let to = address.clone().unwrap_or_else(elsewhere);
        if purpose == Purpose::Signup {
            let row = self
                .issue(None, Permit::Signup(PermittedSignup::Free), elsewhere())
                .await;
            return self.link(&row, purpose).await;
        }
        let permit = match purpose {
            Purpose::Reset => Permit::Reset { address },
            Purpose::Email => Permit::Email {
                address: to.clone(),
                effective_at: None,
                agreed_at: None,
            },
            other => panic!("a ticket to {} is asked for by routes", other.name()),
        };
        let row = self.issue(Some(user), permit, to).await;
        self.link(&row, purpose).await
    }

    async fn link(&self, row: &TicketRow, purpose: Purpose) -> String {
        let keys = self.mac_keys().await;
        let link = row.ticket.seed.link(purpose, &keys, api::now());
        link.expect("a key").to_text().to_string()
    }

    async fn issue(&self, user: Option<&User>, permit: Permit, to: Email) -> TicketRow {
        let (keys, now) = (self.mac_keys().await, api::now());
        let seed = TicketSeed::generate(&keys, now).expect("a MAC key is active");
        let mail = Mail {
            to: Recipient {
                address: to,
                locale: None,
            },
            issuer: self.issuer(),
            asker: Asker {
                device: None,
                network: Some("192.0.2.1".to_owned()),
            },
        };
        let row = TicketRow::new(seed, user, permit, now + 1_800, Some(mail));
        let mails = self.environment().mails().expect("a table is named");
        let mails = mails.expect("the stack sends mail");
        let stored = mails.issue(&MailedRow::Ticket(row.clone())).await;
        stored.expect("the row is stored");
        row
    }

    /// The MAC keys of the ring, afresh each time: a test may have changed it.
    ///
    /// # Panics
    ///
    /// Where the ring cannot be read.
    pub async fn mac_keys(&self) -> Arc<MacKeys> {
        let keys = RefreshKeys::new(&self.environment()).expect("the stack has keys");
        keys.at(api::now()).await.expect("the ring is read")
    }
}
