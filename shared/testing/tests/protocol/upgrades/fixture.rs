//! The fixture of this release.

use std::collections::BTreeMap;
use std::sync::Arc;

use accounts::{Email, MacKeys, Purpose, TicketId, TicketSeed, User};
use api::RefreshKeys;
use serde_json::json;
use tables::{
    Asker, Mail, MailedRow, Mails, Notice, NoticeKind, Permit, PermittedSignup, Recipient,
    TicketRow,
};
use testing::release::Texts;
use testing::{PASSWORD, Release, Stack, number};

use super::{FAR, proof, text};

const ADA: &str = "ada@example.com";

/// Writes rows of mails, and keeps the texts of their tickets.
struct Writer {
    mails: Mails,
    keys: Arc<MacKeys>,
    issuer: String,
    user: User,
    tickets: BTreeMap<String, Texts>,
}

fn address(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn to_prove(address_text: &str, effective_at: Option<u64>) -> Permit {
    Permit::Email {
        address: address(address_text),
        effective_at,
        agreed_at: None,
    }
}

impl Writer {
    fn mail(&self, to: &str) -> Mail {
        Mail {
            to: Recipient {
                address: address(to),
                locale: Some("de".to_owned()),
            },
            issuer: self.issuer.clone(),
            asker: Asker {
                device: Some("Firefox, Linux".to_owned()),
                network: Some("192.0.2.1".to_owned()),
            },
        }
    }

    fn keep(&mut self, name: &str, seed: &TicketSeed, purpose: Purpose, row: String) {
        let (keys, now) = (&self.keys, api::now());
        let texts = Texts {
            handle: seed.handle(purpose, keys, now).unwrap().to_text(),
            link: seed.link(purpose, keys, now).unwrap().to_text().to_string(),
            code: seed.code(purpose, keys, now).unwrap().grouped().to_string(),
            row,
        };
        self.tickets.insert(name.to_owned(), texts);
    }

    async fn ticket(
        &mut self,
        name: &str,
        (permit, purpose): (Permit, Purpose),
        to: &str,
    ) -> TicketSeed {
        let seed = TicketSeed::generate(&self.keys, api::now()).unwrap();
        let owner = (purpose != Purpose::Signup).then_some(&self.user);
        let row = TicketRow::new(seed, owner, permit, FAR, Some(self.mail(to)));
        self.mails.issue(&MailedRow::Ticket(row)).await.unwrap();
        let handle = seed.handle(purpose, &self.keys, api::now()).unwrap();
        self.keep(name, &seed, purpose, handle.row_key());
        seed
    }

    async fn notice(&self, kind: NoticeKind) -> String {
        let notice = Notice {
            id: TicketId::generate().unwrap(),
            kind,
            user_id: self.user.id,
            at: api::now(),
            expires_at: FAR,
            mail: self.mail(ADA),
        };
        let row = format!("notice#{}", notice.id);
        self.mails.issue(&MailedRow::Notice(notice)).await.unwrap();
        row
    }

    async fn write(&mut self) {
        for (name, kind) in [
            ("free", PermittedSignup::Free),
            ("taken", PermittedSignup::Taken),
            (
                "invited",
                PermittedSignup::Invited(vec!["introspector".parse().unwrap()]),
            ),
        ] {
            let to = match kind {
                PermittedSignup::Taken => ADA.to_owned(),
                _ => format!("{name}@example.com"),
            };
            let permit = (Permit::Signup(kind), Purpose::Signup);
            self.ticket(name, permit, &to).await;
        }
        let permit = (to_prove(ADA, None), Purpose::Email);
        self.ticket("present", permit, ADA).await;
        let agreed = "agreed@example.com";
        let permit = (to_prove(agreed, Some(FAR)), Purpose::Email);
        let seed = self.ticket("agreed", permit, agreed).await;
        let handle = seed.handle(Purpose::Email, &self.keys, api::now()).unwrap();
        assert!(self.mails.agree(&handle, api::now()).await.unwrap());
        let waiting = "waiting@example.com";
        let permit = (to_prove(waiting, Some(FAR)), Purpose::Email);
        let seed = self.ticket("waiting", permit, waiting).await;
        let row = self.notice(NoticeKind::AddressAsked(seed)).await;
        self.keep("consent", &seed, Purpose::Agree, row);
        let permit = Permit::Reset {
            address: Some(address(ADA)),
        };
        self.ticket("reset", (permit, Purpose::Reset), ADA).await;
        for kind in [
            NoticeKind::PasswordSet,
            NoticeKind::PasswordReset,
            NoticeKind::AddressChanged,
            NoticeKind::Disabled,
            NoticeKind::Deleted,
        ] {
            self.notice(kind).await;
        }
    }
}

async fn delete(stack: &Stack, table: &str, keys: &[&str]) {
    for item in stack.items(table).await {
        let mut delete = stack.engine.client().delete_item().table_name(table);
        for key in keys {
            delete = delete.key(*key, item[*key].clone());
        }
        delete.send().await.unwrap();
    }
}

#[tokio::test]
#[ignore = "writes the fixture of this release"]
async fn the_fixture_of_this_release_is_written() {
    let stack = Stack::with_mail(&[("SIGNING_ALGORITHM", "ES256")]).await;
    let names = json!({ "username": "ada", "email": ADA, "password": PASSWORD });
    let api = stack.api();
    assert_eq!(api.post("/register", &names).await.status, 201);
    delete(&stack, "SessionsTable", &["user_id", "id"]).await;
    delete(&stack, "MailsTable", &["id"]).await;
    stack.set("UsersTable", "email_verified", proof(ADA)).await;
    stack.set("UsersTable", "locale", text("de")).await;
    stack.grant("ada", &["admin"]).await;
    // A session that was refreshed has every attribute.
    let session = api.sign_in("ada").await.refreshed().await;
    for time in ["expires_at", "idle_expires_at", "ttl"] {
        stack.set("SessionsTable", time, number(FAR)).await;
    }
    let mut claims = stack.claims(&session.access_token);
    claims.exp = FAR;
    let access_token = stack.key.sign(&claims).unwrap();

    let environment = stack.environment();
    let keys = RefreshKeys::new(&environment).unwrap();
    let mut writer = Writer {
        mails: environment.mails().unwrap().unwrap(),
        keys: keys.at(api::now()).await.unwrap(),
        issuer: stack.issuer(),
        user: stack.user("ada").await,
        tickets: BTreeMap::new(),
    };
    writer.write().await;
    let tokens = (&*access_token, &*session.refresh_token);
    Release::write(&stack, tokens, &writer.tickets).await;
}
