//! The mails that an operator orders or sends.

use std::collections::HashMap;
use std::time::UNIX_EPOCH;

use aws_sdk_dynamodb::types::AttributeValue;
use local::inbox::{Refusal, Verdict};
use serde_json::json;
use testing::PASSWORD;

use crate::local::{Done, ISSUER, Local, VERSION};

type Row = HashMap<String, AttributeValue>;

const NO_MAIL: &str = "error: the stack sends no mail: its parameter MailFrom is empty\n";

/// Creates an account with an address, whose owner has proved to read it or has not.
async fn create(local: &Local, name: &str, verified: bool) {
    let email = format!("{name}@example.com");
    let create = ["users", "create", "--username", name, "--email", &email];
    let create = [&create[..], &["--password-stdin"]].concat();
    let created = local.run_with(&create, &format!("{PASSWORD}\n")).await;
    assert_eq!(created.code, 0, "{}", created.err);
    if verified {
        local.stack.prove_address(name).await;
    }
}

fn now() -> u64 {
    UNIX_EPOCH.elapsed().unwrap().as_secs()
}

async fn rows(local: &Local, purpose: &str) -> Vec<Row> {
    let mut rows = local.stack.items("MailsTable").await;
    rows.retain(|row| text(row, "id").starts_with(&format!("{purpose}#")));
    rows
}

fn text(row: &Row, name: &str) -> String {
    row[name].as_s().unwrap().clone()
}

fn kind(row: &Row) -> String {
    text(row["data"].as_m().unwrap(), "kind")
}

fn number(row: &Row, name: &str) -> u64 {
    row[name].as_n().unwrap().parse().unwrap()
}

fn refused(done: &Done, says: &str) {
    assert_eq!((done.code, &*done.err), (1, says));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_invited_with_roles_and_without_a_word_of_the_operator() {
    let local = Local::with_mail().await;
    let invite = [
        "users",
        "invite",
        "Grace@Example.com",
        "--role",
        "introspector",
    ];
    let invite = [
        &invite[..],
        &["--role", "admin", "--role", "admin", "--json"],
    ]
    .concat();
    let invited = local.run(&invite).await.json();
    let rows = rows(&local, "signup").await;
    let [row] = &*rows else {
        panic!("{} rows", rows.len());
    };
    let expires_at = number(row, "expires_at");
    assert_eq!(
        invited,
        json!({ "to": "grace@example.com", "expires_at": expires_at })
    );
    assert!((259_190..=259_200).contains(&(expires_at - now())));
    assert_eq!(
        (kind(row), text(row, "issuer")),
        ("invited".to_owned(), ISSUER.to_owned())
    );
    let roles = row["data"].as_m().unwrap()["roles"].as_l().unwrap();
    assert_eq!(roles.len(), 2);
    assert!(!row.contains_key("network") && !row.contains_key("device"));
    let letter = local.stack.letter("grace@example.com", "signup").await;
    let begins = format!("{ISSUER}/signup/confirm?ticket=latchkey_signup_");
    assert!(letter.link.as_deref().unwrap().starts_with(&begins));
    let said = local.run(&["users", "invite", "eve@example.com"]).await;
    let says = "an invitation goes to eve@example.com by mail, and is valid until ";
    assert!(said.out.starts_with(says), "{}", said.out);
    let secret = letter.ticket();
    assert!(!said.out.contains(secret) && !invited.to_string().contains(secret));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_cannot_be_orders_nothing() {
    let local = Local::with_mail().await;
    create(&local, "ada", false).await;
    let taken = local.run(&["users", "invite", "ADA@example.com"]).await;
    refused(&taken, "error: the e-mail address is taken\n");
    let unknown = ["users", "invite", "grace@example.com", "--role", "king"];
    let says = "error: the stack has no role king; it has admin, introspector\n";
    refused(&local.run(&unknown).await, says);
    for wrong in [
        &["users", "invite"][..],
        &["users", "invite", "grace"],
        &["users", "invite", "grace@example.com", "--role", "a king"],
        &["users", "send-reset"],
        &["mail", "test", "grace"],
        &["mail", "suppressed"],
        &["mail"],
    ] {
        assert_eq!(local.run(wrong).await.code, 2, "{wrong:?}");
    }
    local.leave_word(local.stack.variable("ROLES"), Some("1000.0.0"));
    for write in [
        &["users", "invite", "grace@example.com"][..],
        &["users", "send-reset", "ada"],
    ] {
        let newer = local.run(write).await;
        assert!(
            newer.err.starts_with("error: nothing was changed"),
            "{}",
            newer.err
        );
    }
    assert!(local.stack.items("MailsTable").await.is_empty());
    local.leave_word(local.stack.variable("ROLES"), Some(VERSION));
    let invited = local.run(&["users", "invite", "grace@example.com"]).await;
    assert_eq!(invited.code, 0, "{}", invited.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_for_a_new_password_goes_to_the_owner_of_an_account_that_can_use_it() {
    let local = Local::with_mail().await;
    create(&local, "ada", false).await;
    let user = local.stack.user("ada").await;
    let id = user.id.to_string();
    for name in ["ADA", "ada@example.com", &id] {
        let sent = local.run(&["users", "send-reset", name, "--json"]).await;
        assert_eq!(sent.json()["to"], json!("ada@example.com"), "{name}");
    }
    let rows = rows(&local, "reset").await;
    assert_eq!(rows.len(), 3);
    for row in rows {
        let whose = (
            text(&row, "user_id"),
            text(&row, "to"),
            text(&row, "issuer"),
        );
        let expected = (id.clone(), "ada@example.com".to_owned(), ISSUER.to_owned());
        assert_eq!((whose, number(&row, "epoch")), (expected, 0));
        let left = number(&row, "expires_at") - now();
        assert!((1_790..=1_800).contains(&left), "{left}");
    }
    let letter = local.stack.letter("ada@example.com", "reset").await;
    assert!(letter.link.is_some() && letter.code.is_none());

    let create = ["users", "create", "--username", "eve", "--password-stdin"];
    local.run_with(&create, &format!("{PASSWORD}\n")).await;
    assert_eq!(local.run(&["users", "disable", "ada"]).await.code, 0);
    for (user, says) in [
        ("eve", "error: the account has no e-mail address\n"),
        ("ada", "error: the account is disabled: enable it first\n"),
        ("nobody", "error: there is no account nobody\n"),
    ] {
        refused(&local.run(&["users", "send-reset", user]).await, says);
    }
    assert_eq!(self::rows(&local, "reset").await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_account_an_operator_shuts_is_told_at_a_proven_address() {
    let local = Local::with_mail().await;
    for (name, told) in [("ada", 2), ("eve", 0)] {
        create(&local, name, told > 0).await;
        for command in ["disable", "disable", "enable", "sign-out"] {
            let done = local.run(&["users", command, name]).await;
            assert_eq!(done.code, 0, "{command}: {}", done.err);
        }
        let granted = local.run(&["users", "grant", name, "introspector"]).await;
        assert_eq!(granted.code, 0, "{}", granted.err);
        let deleted = local.run(&["users", "delete", name, "--yes"]).await;
        assert_eq!(deleted.code, 0, "{}", deleted.err);
        let mut kinds: Vec<_> = rows(&local, "notice").await.iter().map(kind).collect();
        kinds.sort();
        assert_eq!(kinds, ["deleted", "disabled"], "{name} adds {told}");
    }
    let letters = local.stack.letters("ada@example.com").await;
    assert_eq!(letters.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_without_mail_orders_none_and_is_else_as_ever() {
    let local = Local::start().await;
    create(&local, "ada", true).await;
    for mail in [
        &["users", "invite", "grace@example.com"][..],
        &["users", "send-reset", "ada"],
        &["mail", "test", "grace@example.com"],
    ] {
        refused(&local.run(mail).await, NO_MAIL);
    }
    for change in [
        &["users", "disable", "ada"][..],
        &["users", "delete", "ada", "--yes"],
    ] {
        let done = local.run(change).await;
        assert_eq!(done.code, 0, "{}", done.err);
    }
    assert_eq!(local.stack.count().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_mail_comes_from_the_sender_of_the_stack() {
    let local = Local::with_mail().await;
    let (inbox, url) = local.inbox.clone().unwrap();
    let sent = local.run(&["mail", "test", "ada@example.com"]).await;
    let says = format!("a mail to ada@example.com is sent: it is at {url}\n");
    assert_eq!((sent.code, &*sent.err, sent.out), (0, "", says));
    let mails = inbox.mails();
    let [mail] = &*mails else {
        panic!("{} mails", mails.len());
    };
    assert_eq!(mail.from, "\"Example\" <noreply@example.com>");
    assert_eq!(mail.to, ["ada@example.com"]);
    assert!(mail.text.as_deref().unwrap().contains("test"));
    let header = ("Auto-Submitted".to_owned(), "auto-generated".to_owned());
    assert_eq!(mail.headers, [header]);
    assert!(local.stack.items("MailsTable").await.is_empty());

    inbox.decide(|_| Verdict::Refuse(Refusal::MessageRejected("Not verified".to_owned())));
    let rejected = local.run(&["mail", "test", "ada@example.com"]).await;
    refused(
        &rejected,
        "error: the inbox refused the mail: Not verified\n",
    );
    assert_eq!(inbox.mails().len(), 1);

    let suppressed = local.run(&["mail", "suppressed", "ada@example.com"]).await;
    let says =
        "error: the local stack has no list of suppressed addresses: its inbox takes every mail\n";
    refused(&suppressed, says);
}
