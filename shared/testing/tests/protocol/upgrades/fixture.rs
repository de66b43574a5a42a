//! The fixture of this release.

use std::collections::BTreeMap;
use std::sync::Arc;

use accounts::{Email, MacKeys, Purpose, TicketId, TicketSeed, User};
use api::RefreshKeys;
use serde_json::json;
use tables::{
    Asker, FactorKind, Mail, MailedRow, Mails, Notice, NoticeKind, Permit, PermittedSignup,
    Recipient, TicketRow,
};
use testing::release::{Enrolled, Texts};
use testing::{PASSWORD, Release, Stack, number};

use super::{FAR, proof, text, totp_secret};

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
        // Its mail has neither link nor code.
        let seed = TicketSeed::generate(&self.keys, api::now()).unwrap();
        let permit = Permit::Reset { address: None };
        let row = TicketRow::new(seed, Some(&self.user), permit, FAR, Some(self.mail(ADA)));
        self.mails.issue(&MailedRow::Ticket(row)).await.unwrap();
        for kind in [
            NoticeKind::PasswordSet,
            NoticeKind::PasswordReset,
            NoticeKind::AddressChanged,
            NoticeKind::Disabled,
            NoticeKind::Deleted,
            NoticeKind::FactorAdded(FactorKind::Totp),
            NoticeKind::FactorAdded(FactorKind::Passkey),
            NoticeKind::FactorRemoved(FactorKind::Totp),
            NoticeKind::FactorRemoved(FactorKind::Passkey),
            NoticeKind::FactorsRemoved,
            NoticeKind::SecondFactorOptional,
            NoticeKind::RecoveryCodesMade,
            NoticeKind::RecoveryCodeUsed,
            NoticeKind::WrongCodes,
            NoticeKind::MfaLocked,
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

/// The account with second factors.
async fn enrolled(stack: &Stack) -> Enrolled {
    let grace = stack.api().sign_up("grace").await;
    stack.give_totp(&grace).await;
    stack.add_passkey_row(&grace, "cGFzc2tleQ").await;
    Enrolled {
        refresh_token: grace.refreshed().await.refresh_token,
        totp_secret: totp_secret(stack, &stack.user("grace").await).await,
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
    let enrolled = enrolled(&stack).await;
    for session in stack.items("SessionsTable").await {
        let put = stack.engine.client().put_item().table_name("SessionsTable");
        let mut put = put.set_item(Some(session));
        for time in ["expires_at", "idle_expires_at", "ttl"] {
            put = put.item(time, number(FAR));
        }
        put.send().await.unwrap();
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
    Release::write(&stack, tokens, &enrolled, &writer.tickets).await;
}
