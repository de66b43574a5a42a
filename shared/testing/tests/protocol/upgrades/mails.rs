//! Rows of mails, and accounts where mail is sent.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use testing::release::Texts;
use testing::{Client, OTHER_PASSWORD, PASSWORD, Release, Session, Stack};

use super::{Course, Table, text};

const ADA: &str = "ada@example.com";

async fn sending() -> Stack {
    let unlimited = ["LOGIN_BURST", "REGISTRATION_BURST", "MAIL_BURST"].map(|limit| (limit, "0"));
    let others = [("ARGON2_ITERATIONS", "6"), ("SIGNING_ALGORITHM", "ES256")];
    Stack::with_mail(&[&unlimited[..], &others].concat()).await
}

/// A release on a stack that sends mail, and how tickets are shown there.
struct Inherited<'a> {
    release: &'a Release,
    stack: Stack,
    api: Client,
    by_code: bool,
}

impl<'a> Inherited<'a> {
    async fn from(release: &'a Release, by_code: bool) -> Self {
        let stack = sending().await;
        release.load(&stack).await;
        release.load_mails(&stack).await;
        let api = stack.api();
        Self {
            release,
            stack,
            api,
            by_code,
        }
    }

    fn shown(&self, name: &str) -> Value {
        let ticket = self.release.ticket(name);
        if self.by_code {
            json!({ "ticket": ticket.handle, "code": ticket.code })
        } else {
            json!({ "ticket": ticket.link })
        }
    }

    async fn ada(&self) -> Session {
        let refreshed = self.api.refresh(&self.release.refresh_token).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.json());
        self.api.session(refreshed)
    }

    /// Nothing of the rows is lost, these tickets are spent, and so they say.
    async fn assert_kept(&self, spent: &[&str]) {
        let lost = self.release.lost_mails(&self.stack).await;
        assert!(lost.is_empty(), "{lost:?}");
        let rows = self.stack.items("MailsTable").await;
        let is_spent = |ticket: &Texts| {
            let mut same = rows.iter().filter(|row| row["id"] == text(&ticket.row));
            same.any(|row| row.contains_key("spent_at") && row.contains_key("spent_by"))
        };
        for (name, ticket) in self.release.tickets() {
            assert_eq!(is_spent(ticket), spent.contains(&name), "{name}");
        }
    }

    /// The account has this address, proved, and the language that its owner chose.
    async fn assert_address(&self, address: &str) {
        let me = self.api.login("ada", PASSWORD).await;
        let me = self.api.session(me).get("/me").await.json();
        assert_eq!(
            (&me["email"], &me["locale"]),
            (&json!(address), &json!("de"))
        );
        assert_eq!(me["email_verified"], json!(true));
    }

    async fn sign_up(&self, name: &str) -> (u16, Value) {
        let mut body = self.shown(name);
        body["username"] = json!(name);
        body["password"] = json!(PASSWORD);
        let answer = self.api.post("/register/confirm", &body).await;
        (answer.status, answer.json())
    }

    async fn sign_ups(&self) {
        for (name, roles) in [("free", json!([])), ("invited", json!(["introspector"]))] {
            let (status, made) = self.sign_up(name).await;
            assert_eq!(status, 201, "{made}");
            let (user, address) = (&made["user"], format!("{name}@example.com"));
            assert_eq!((&user["email"], &user["roles"]), (&json!(address), &roles));
            assert_eq!(user["email_verified"], json!(true));
        }
        let (status, refused) = self.sign_up("taken").await;
        let refusal = (status, refused["error"].as_str().unwrap());
        let expected = match self.by_code {
            true => (400, "invalid_code"),
            false => (404, "unknown_ticket"),
        };
        assert_eq!(refusal, expected, "its texts were never mailed");
        self.assert_kept(&["free", "invited"]).await;
    }

    async fn confirm(&self, ada: &Session, name: &str) -> (u16, Value) {
        let answer = ada.post("/me/email/confirm", &self.shown(name)).await;
        let json = match answer.status {
            204 => Value::Null,
            _ => answer.json(),
        };
        (answer.status, json)
    }

    async fn proof(&self, ada: &Session) {
        let (status, me) = self.confirm(ada, "present").await;
        assert_eq!((status, &me["email"]), (200, &json!(ADA)), "{me}");
        self.assert_address(ADA).await;
        self.assert_kept(&["free", "invited", "present"]).await;
    }

    async fn change(&self) {
        let ada = self.ada().await;
        let (status, me) = self.confirm(&ada, "agreed").await;
        assert_eq!(status, 200, "{me}");
        self.assert_address("agreed@example.com").await;
        self.assert_kept(&["agreed"]).await;
    }

    async fn consent(&self, ada: &Session) {
        let (status, early) = self.confirm(ada, "waiting").await;
        let error = &early["error"];
        assert_eq!((status, error), (409, &json!("email_change_pending")));
        let (status, refused) = self.confirm(ada, "consent").await;
        assert_eq!(status, 204, "{refused}");
        self.assert_kept(&["free", "invited", "present"]).await;
        let (status, me) = self.confirm(ada, "waiting").await;
        assert_eq!(status, 200, "{me}");
        self.assert_address("waiting@example.com").await;
        self.assert_kept(&["free", "invited", "present", "waiting"])
            .await;
    }

    async fn reset(&self) {
        let mut body = self.shown("reset");
        body["password"] = json!(OTHER_PASSWORD);
        let reset = self.api.post("/reset-password", &body).await;
        assert_eq!(reset.status, 204, "{}", reset.json());
        assert_eq!(self.api.login("ada", PASSWORD).await.status, 401);
        assert_eq!(self.api.login("ada", OTHER_PASSWORD).await.status, 200);
        self.assert_kept(&["reset"]).await;
    }
}

#[tokio::test]
async fn rows_that_another_version_has_written_are_mailed() {
    for release in Release::all() {
        let stack = sending().await;
        release.load(&stack).await;
        release.load_mails(&stack).await;
        let rows = release.mails();
        let count = |to: &str| rows.iter().filter(|row| row["to"] == text(to)).count();
        let to: BTreeSet<_> = rows.iter().map(|row| row["to"].as_s().unwrap()).collect();
        let mut mailed = BTreeMap::new();
        let mut subjects = BTreeSet::new();
        for address in to {
            let letters = stack.letters(address).await;
            assert_eq!(letters.len(), count(address), "{address}");
            for letter in letters {
                subjects.insert(letter.letter.subject.clone());
                if let Some(code) = &letter.code {
                    mailed.insert(letter.ticket().to_owned(), code.clone());
                }
            }
        }
        assert_eq!(subjects.len(), 22, "each kind has its own: {subjects:?}");
        let tickets = release.tickets().filter(|(name, _)| *name != "taken");
        let tickets = tickets.map(|(_, ticket)| (ticket.link.clone(), ticket.code.clone()));
        assert_eq!(mailed, tickets.collect(), "links and codes are the same");
    }
}

#[tokio::test]
async fn tickets_that_another_version_has_issued_have_their_effect_and_keep_what_it_added() {
    for release in Release::all() {
        for written in [release.clone(), release.with_unknown()] {
            for by_code in [false, true] {
                let inherited = async || Inherited::from(&written, by_code).await;
                let one = inherited().await;
                one.sign_ups().await;
                let ada = one.ada().await;
                one.proof(&ada).await;
                one.consent(&ada).await;
                inherited().await.reset().await;
            }
            Inherited::from(&written, false).await.change().await;
        }
    }
}

#[tokio::test]
async fn proof_and_language_of_an_account_are_kept_where_mail_is_sent() {
    for release in Release::all() {
        let mut table = Table::new();
        for (direction, written) in [release.clone(), release.with_unknown()].iter().enumerate() {
            let mut course = Course::on(sending().await, written, direction, &mut table).await;
            written.load_mails(&course.stack).await;
            course.run(&["username"]).await;
            let lost = written.lost_mails(&course.stack).await;
            assert!(lost.is_empty(), "{lost:?}");
            let users = course.stack.items("UsersTable").await;
            let mut users = users.iter();
            let user = users.find(|user| user.get("email") == Some(&text(ADA)));
            assert_eq!(user.unwrap()["locale"], text("de"));
        }
        for (kind, directions) in &table {
            for (_, lost) in directions {
                assert!(lost.is_empty(), "{kind}: {lost:?}");
            }
        }
    }
}
