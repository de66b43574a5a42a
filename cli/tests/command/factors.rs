//! The second factors of accounts, as an operator sees and removes them.

use serde_json::json;
use testing::{OTHER_PASSWORD, Session};

use crate::local::{Local, VERSION};

/// An account with a second factor and a passkey, at a proved address.
async fn enrolled(local: &Local, name: &str) -> Session {
    let session = local.stack.api().sign_up_with_address(name).await;
    local.stack.prove_address(name).await;
    local.stack.give_totp(&session).await;
    local.stack.add_passkey_row(&session, name).await;
    session
}

/// Every name of an account has lost its password, or has it.
async fn has_password(local: &Local, session: &Session) -> bool {
    let (id, logins) = (session.user_id(), local.stack.items("LoginsTable").await);
    let own = logins.iter().filter(|one| one["user_id"].as_s() == Ok(&id));
    let has: Vec<_> = own.map(|one| one.contains_key("password_hash")).collect();
    assert_eq!(has.len(), 2);
    assert!(has.iter().all(|one| *one == has[0]), "{has:?}");
    has[0]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_factors_of_an_account_are_shown() {
    let local = Local::start().await;
    enrolled(&local, "ada").await;
    let eve = local.stack.api().sign_up("eve").await;
    for (passkey, cell) in [(false, "-"), (true, "passkey")] {
        if passkey {
            local.stack.add_passkey_row(&eve, "AAAA").await;
        }
        let shown = local.run(&["users", "show", "eve"]).await.out;
        let mut lines = shown.lines().map(|line| line.split_whitespace().nth(6));
        assert_eq!(lines.next(), Some(Some("FACTORS")), "{shown}");
        assert_eq!(lines.next(), Some(Some(cell)), "{shown}");
        let shown = local.run(&["users", "show", "eve", "--json"]).await.json();
        assert_eq!(shown["factors"], json!([]), "a password does not ask");
    }
    let list = local.run(&["users", "list"]).await.out;
    assert!(list.contains(" passkey,totp "), "{list}");
    let shown = local.run(&["users", "show", "ada", "--json"]).await.json();
    assert_eq!(shown["factors"], json!(["passkey", "totp"]));
    assert_eq!(shown["ways"], json!(["passkey", "password"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_factors_go_and_the_owner_is_told() {
    let local = Local::with_mail().await;
    let (ada, eve) = (enrolled(&local, "ada").await, enrolled(&local, "eve").await);
    let removed = local
        .run(&["users", "remove-factors", "ADA", "--json"])
        .await;
    assert_eq!(removed.json()["factors"], json!([]));
    assert_eq!(
        (&*removed.err, &removed.json()["ways"]),
        ("", &json!(["password"]))
    );
    let left = local.stack.items("FactorsTable").await;
    assert_eq!(left.len(), 3);
    assert!(
        left.iter()
            .all(|one| one["user_id"].as_s() == Ok(&eve.user_id()))
    );
    assert!(has_password(&local, &ada).await);
    assert_eq!(ada.get("/me").await.status, 401, "every session ends");
    local.stack.api().sign_in("ada").await;
    let letter = local.stack.letter("ada@example.com", "notice").await;
    assert!(letter.letter.subject.starts_with("Your second factors at "));
    // There is nothing to remove.
    let user = local.stack.user("ada").await;
    let again = local.run(&["users", "remove-factors", "ada"]).await;
    assert_eq!((again.code, &*again.err), (0, ""));
    assert_eq!(local.stack.user("ada").await, user);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_password_could_enrol_where_everybody_must() {
    let local = Local::with_mail().await;
    let ada = enrolled(&local, "ada").await;
    local.leave_word_of(local.stack.variable("ROLES"), Some(VERSION), "all");
    let warned = local.run(&["users", "remove-factors", "ada"]).await;
    assert_eq!(warned.code, 0, "{}", warned.err);
    assert!(
        warned.err.contains("can now enrol a factor of their own"),
        "{}",
        warned.err
    );
    assert!(warned.err.contains("--reset-password"), "{}", warned.err);

    let voided = ["users", "remove-factors", "ada", "--reset-password"];
    let voided = local.run(&voided).await;
    assert_eq!(voided.code, 0, "{}", voided.err);
    assert!(
        voided.err.contains("users send-reset ada"),
        "{}",
        voided.err
    );
    assert!(!has_password(&local, &ada).await);
    let api = local.stack.api();
    assert_eq!(api.login("ada", testing::PASSWORD).await.status, 401);
    let sent = local.run(&["users", "send-reset", "ada"]).await;
    assert_eq!(sent.code, 0, "{}", sent.err);
    let letter = local.stack.letter("ada@example.com", "reset").await;
    let reset = json!({ "ticket": letter.ticket(), "password": OTHER_PASSWORD });
    assert_eq!(api.post("/reset-password", &reset).await.status, 204);
    assert!(has_password(&local, &ada).await);
    assert_eq!(api.login("ada", OTHER_PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_password_is_voided_that_nobody_could_set_anew() {
    let without = Local::start().await;
    let with = Local::with_mail().await;
    let nameless = with.stack.api().sign_up("eve").await;
    with.stack.give_totp(&nameless).await;
    enrolled(&without, "ada").await;
    for (local, user, reason) in [
        (
            &without,
            "ada",
            "the stack sends no mail: its parameter MailFrom is empty",
        ),
        (&with, "eve", "the account has no e-mail address"),
    ] {
        let before = local.stack.user(user).await;
        let command = ["users", "remove-factors", user, "--reset-password"];
        let refused = local.run(&command).await;
        let says =
            format!("error: nothing was changed, for nobody could set a new password: {reason}\n");
        assert_eq!((refused.code, refused.err), (1, says));
        assert_eq!(local.stack.user(user).await, before);
    }
    for wrong in [
        &["users", "remove-factors"][..],
        &["users", "remove-factors", "a", "b"],
    ] {
        assert_eq!(with.run(wrong).await.code, 2, "{wrong:?}");
    }
    let nobody = with.run(&["users", "remove-factors", "nobody"]).await;
    assert_eq!(
        (nobody.code, &*nobody.err),
        (1, "error: there is no account nobody\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_deleted_takes_its_factors_with_it() {
    let local = Local::start().await;
    enrolled(&local, "ada").await;
    let deleted = local.run(&["users", "delete", "ada", "--yes"]).await;
    assert_eq!(deleted.code, 0, "{}", deleted.err);
    assert_eq!(local.stack.items("FactorsTable").await.len(), 0);
    assert_eq!(local.stack.count().await, 0);
}
