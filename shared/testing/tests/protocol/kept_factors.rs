//! Whatever changes the names, the password or the state of an account keeps its second factors: the
//! copies at its names are what a sign-in reads.

use accounts::{LoginName, Names, User, Username};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use tables::{AccountError, Error, Login};
use testing::{Client, OTHER_PASSWORD, PASSWORD, Session, Stack};

use crate::account::email::{ADA, NEW, asked, confirm, letter_of, started, verified};

/// An account that has codes of an app, with the session that has enrolled them.
struct Enrolled {
    stack: Stack,
    api: Client,
    ada: Session,
}

impl Enrolled {
    /// With two names, on a stack that sends no mail, so that names change at once.
    async fn start(variables: &[(&str, &str)]) -> Self {
        let unlimited = [("LOGIN_BURST", "0"), ("REGISTRATION_BURST", "0")];
        let stack = Stack::start_with(&[&unlimited, variables].concat()).await;
        let api = stack.api();
        let ada = api.sign_up_with_address("ada").await;
        stack.give_totp(&ada).await;
        Self { stack, api, ada }
    }

    /// With two names, one of them a proved address, on a stack that sends mail.
    async fn with_mail(variables: &[(&str, &str)]) -> Self {
        let stack = started(variables).await;
        let api = stack.api();
        let ada = verified(&stack, "ada", ADA).await;
        stack.give_totp(&ada).await;
        Self { stack, api, ada }
    }

    /// The account has these names, each with all that a sign-in needs to ask for a code.
    async fn is_asked_by(&self, names: &[&str], password: &str) {
        let logins = self.stack.items("LoginsTable").await;
        let factors = AttributeValue::L(vec![AttributeValue::S("totp".to_owned())]);
        let stored = self.stack.items("UsersTable").await.into_iter();
        let owner = stored.filter(|user| user.get("factors") == Some(&factors));
        let owner: Vec<_> = owner.collect();
        assert_eq!(owner.len(), 1, "the account");
        let own = logins.iter().filter(|one| one["user_id"] == owner[0]["id"]);
        let mut found: Vec<_> = own
            .map(|login| {
                assert_eq!(login.get("factors"), Some(&factors), "{login:?}");
                assert_eq!(login["epoch"], owner[0]["epoch"], "{login:?}");
                login["name"].as_s().unwrap().as_str()
            })
            .collect();
        found.sort_unstable();
        assert_eq!(found, names);
        for name in names {
            let member = if name.contains('@') {
                "email"
            } else {
                "username"
            };
            let body = json!({ member: name, "password": password });
            let asked = self.api.post("/login", &body).await;
            let error = asked.json()["error"].clone();
            assert_eq!(
                (asked.status, error),
                (403, json!("mfa_required")),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn new_names_ask_for_it_and_so_do_those_that_stay() {
    let enrolled = Enrolled::start(&[]).await;
    let ada = &enrolled.ada;
    enrolled.is_asked_by(&["ada", ADA], PASSWORD).await;
    for (change, names) in [
        (json!({ "username": "countess" }), &[ADA, "countess"][..]),
        (json!({ "email": NEW }), &["countess", NEW]),
        (json!({ "email": null }), &["countess"]),
        (json!({ "username": null, "email": ADA }), &[ADA]),
        (json!({ "username": "ada", "email": NEW }), &["ada", NEW]),
    ] {
        let changed = ada.patch("/me", &change).await;
        assert_eq!(changed.status, 200, "{}", changed.json());
        assert_eq!(changed.json()["second_factor"], json!("required"));
        enrolled.is_asked_by(names, PASSWORD).await;
    }
}

#[tokio::test]
async fn another_password_asks_for_it() {
    let enrolled = Enrolled::start(&[]).await;
    let changed = enrolled.ada.change_password(PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    enrolled.is_asked_by(&["ada", ADA], OTHER_PASSWORD).await;
}

#[tokio::test]
async fn a_password_that_is_hashed_anew_asks_for_it() {
    let enrolled = Enrolled::start(&[]).await;
    let hash = async || {
        let login = enrolled.stack.items("LoginsTable").await.remove(0);
        login["password_hash"].clone()
    };
    let before = hash().await;
    let environment = enrolled
        .stack
        .environment_with("ARGON2_ITERATIONS", Some("6"));
    let login = Client::function("login", &environment);
    assert_eq!(login.login("ada", PASSWORD).await.status, 403);
    assert_ne!(hash().await, before, "no later step has the password");
    enrolled.is_asked_by(&["ada", ADA], PASSWORD).await;
}

#[tokio::test]
async fn an_administrator_changes_nothing_of_it() {
    let enrolled = Enrolled::start(&[]).await;
    let root = enrolled.stack.administrator(&enrolled.api, "root").await;
    let path = format!("/admin/users/{}", enrolled.ada.user_id());
    let disabled = root.patch(&path, &json!({ "status": "disabled" })).await;
    assert_eq!(disabled.status, 200);
    let enabled = root.patch(&path, &json!({ "status": "active" })).await;
    assert_eq!(enabled.json()["factors"], json!(["totp"]));
    enrolled.is_asked_by(&["ada", ADA], PASSWORD).await;
    let roles = json!({ "roles": ["introspector"] });
    assert_eq!(root.put(&format!("{path}/roles"), &roles).await.status, 200);
    let ended = root.delete(&format!("{path}/sessions")).await;
    assert_eq!(ended.status, 204);
    enrolled.is_asked_by(&["ada", ADA], PASSWORD).await;
}

#[tokio::test]
async fn the_end_of_other_sessions_keeps_it() {
    let enrolled = Enrolled::start(&[]).await;
    assert_eq!(enrolled.ada.delete("/me/sessions").await.status, 204);
    enrolled.is_asked_by(&["ada", ADA], PASSWORD).await;
}

#[tokio::test]
async fn another_address_asks_for_it_whether_it_waits_or_not() {
    for (delay, agrees) in [("0", false), ("72", true)] {
        let enrolled = Enrolled::with_mail(&[("EMAIL_CHANGE_DELAY", delay)]).await;
        let (stack, ada) = (&enrolled.stack, &enrolled.ada);
        let handle = asked(ada, NEW).await;
        if agrees {
            let letters = stack.letters(ADA).await.into_iter();
            let mut consents = letters.filter(|one| one.link.is_some() && one.purpose == "notice");
            let consent = consents.next_back().unwrap();
            assert_eq!(confirm(ada, consent.ticket(), None).await.status, 204);
        }
        let letter = letter_of(stack, NEW, &handle).await;
        let changed = confirm(ada, letter.ticket(), None).await;
        assert_eq!(changed.status, 200, "{}", changed.json());
        enrolled.is_asked_by(&["ada", NEW], PASSWORD).await;
    }
}

#[tokio::test]
async fn a_forgotten_password_that_is_set_anew_asks_for_it() {
    let enrolled = Enrolled::with_mail(&[]).await;
    let forgotten = json!({ "email": ADA });
    let asked = enrolled.api.post("/forgot-password", &forgotten).await;
    assert_eq!(asked.status, 202);
    let letter = enrolled.stack.letter(ADA, "reset").await;
    let reset = json!({ "ticket": letter.ticket(), "password": OTHER_PASSWORD });
    let reset = enrolled.api.post("/reset-password", &reset).await;
    assert_eq!(reset.status, 204, "{}", reset.json());
    enrolled.is_asked_by(&["ada", ADA], OTHER_PASSWORD).await;
}

/// The account as it is, and its login as somebody reads it.
async fn read(stack: &Stack) -> (User, Login) {
    let username = Username::parse("ada").unwrap();
    let logins = stack.environment().logins().unwrap();
    let login = logins.get(&LoginName::from(&username)).await.unwrap();
    (stack.user("ada").await, login.unwrap())
}

#[tokio::test]
async fn a_name_that_is_changed_while_it_is_enrolled_asks_for_it() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let accounts = stack.environment().accounts().unwrap();
    let before = read(&stack).await;
    stack.give_totp(&ada).await;
    let after = read(&stack).await;
    let renamed = |user: &User| {
        let username = Username::parse("countess").ok();
        user.with_names(Names::new(username, None).unwrap())
    };
    let (user, login) = &before;
    let refused = accounts.rename(user, &renamed(user), login).await;
    assert_eq!(refused, Err(AccountError::Table(Error::Conflict)));
    // However late the account was read, and however early the login.
    let (user, _) = &after;
    let done = accounts.rename(user, &renamed(user), login).await;
    assert_eq!(done, Ok(()));
    let enrolled = Enrolled { stack, api, ada };
    enrolled.is_asked_by(&["countess"], PASSWORD).await;
}
