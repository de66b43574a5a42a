//! The table of mails and its tickets, on the engine.

#![cfg(test)]

mod address;
mod administrators;
mod delivery;
mod faults;
mod issue;
mod mailer;
mod races;
mod sign_up;

use std::collections::HashMap;

use accounts::{
    Email, Handle, MacKey, MacKeyTimes, MacKeys, Names, PasswordHash, Purpose, TicketSeed, User,
};
use aws_sdk_dynamodb::types::AttributeValue;
use local::Template;
use local::engine::Engine;
use tables::{
    AccountError, Accounts, Asker, Client, Factors, Login, Logins, Mail, MailedRow, Mails, Notice,
    NoticeKind, Permit, Recipient, Sessions, Spend, SpendError, TicketRow, Users,
};
use testing::wire::Wire;

/// The time of these tests.
pub(crate) const NOW: u64 = 1_800_000_000;

/// A deployment with mail, and an account in it.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) wire: Wire,
    client: Client,
    pub(crate) keys: MacKeys,
    pub(crate) user: User,
}

impl World {
    pub(crate) async fn start() -> Self {
        let template = Template::with_mail();
        let engine = Engine::start_of(&template).await.unwrap();
        let times = MacKeyTimes {
            id: format!("{:016x}", 7),
            signs_from: 0,
            gone_at: None,
        };
        let key = MacKey::new(times, &[7; 32]).unwrap();
        let address = Email::parse("ada@example.com").unwrap();
        let names = Names::new(None, Some(address)).unwrap();
        let wire = Wire::default();
        let world = Self {
            client: testing::aws::client_behind(engine.url(), &wire),
            engine,
            wire,
            keys: [key].into_iter().collect(),
            user: User::register(names, NOW),
        };
        world.register().await.unwrap();
        world
    }

    async fn register(&self) -> Result<(), AccountError> {
        let accounts = self.whole();
        accounts.register(&self.user, &hash("old"), None).await
    }

    pub(crate) fn whole(&self) -> Accounts {
        let (logins, users) = self.accounts();
        let sessions = Sessions::new(&self.client, "SessionsTable");
        Accounts::new(logins, users, sessions)
    }

    pub(crate) fn mails(&self) -> Mails {
        Mails::new(&self.client, "MailsTable")
    }

    pub(crate) fn accounts(&self) -> (Logins, Users) {
        (
            Logins::new(&self.client, "LoginsTable"),
            Users::new(&self.client, "UsersTable"),
        )
    }

    pub(crate) fn reset(&self) -> TicketRow {
        let seed = TicketSeed::generate(&self.keys, NOW).unwrap();
        let address = self.user.names.email().cloned();
        let permit = Permit::Reset { address };
        TicketRow::new(seed, Some(&self.user), permit, NOW + 1_800, Some(mail()))
    }

    pub(crate) fn handle(&self, row: &TicketRow, purpose: Purpose) -> Handle {
        row.ticket.seed.handle(purpose, &self.keys, NOW).unwrap()
    }

    pub(crate) async fn issued(&self) -> TicketRow {
        let row = self.reset();
        let stored = MailedRow::Ticket(row.clone());
        self.mails().issue(&stored).await.unwrap();
        row
    }

    /// Spends a ticket for the password of that hash.
    pub(crate) async fn spend(
        &self,
        row: &TicketRow,
        attempt: &str,
        now: u64,
    ) -> Result<User, SpendError> {
        let (logins, users) = self.accounts();
        let spend = Spend { row, attempt, now };
        let notice = self.notice();
        let mails = self.mails();
        mails
            .reset_password(
                (&logins, &users, &self.factors()),
                &spend,
                &self.user,
                &hash(attempt),
                Some(&notice),
            )
            .await
    }

    pub(crate) fn factors(&self) -> Factors {
        Factors::new(&self.client, "FactorsTable")
    }

    pub(crate) fn notice(&self) -> Notice {
        let seed = TicketSeed::generate(&self.keys, NOW).unwrap();
        Notice {
            id: seed.id,
            kind: NoticeKind::PasswordReset,
            user_id: self.user.id,
            at: NOW,
            expires_at: NOW + 86_400,
            mail: mail(),
        }
    }

    pub(crate) async fn login(&self) -> Login {
        let (logins, _) = self.accounts();
        let name = self.user.names.login_names().next().unwrap();
        logins.get(&name).await.unwrap().unwrap()
    }

    /// Every row of the table.
    pub(crate) async fn items(&self) -> Vec<HashMap<String, AttributeValue>> {
        let scan = self.engine.client().scan().table_name("MailsTable");
        scan.send().await.unwrap().items.unwrap_or_default()
    }

    /// The number of notices in the table.
    pub(crate) async fn notices(&self) -> usize {
        let rows = self.items().await;
        let ids = rows.iter().map(|row| row["id"].as_s().unwrap());
        ids.filter(|id| id.starts_with("notice#")).count()
    }
}

pub(crate) fn mail() -> Mail {
    mail_to("ada@example.com")
}

pub(crate) fn mail_to(address: &str) -> Mail {
    Mail {
        to: Recipient {
            address: Email::parse(address).unwrap(),
            locale: Some("de".to_owned()),
        },
        issuer: "https://auth.example.com".to_owned(),
        asker: Asker {
            device: Some("Firefox, Linux".to_owned()),
            network: None,
        },
    }
}

pub(crate) fn hash(of: &str) -> PasswordHash {
    PasswordHash::from_stored(format!("hash of {of}"))
}
