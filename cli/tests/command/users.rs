//! The command itself, against a DynamoDB engine.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use testing::PASSWORD;
use tokio::process::Command;

use crate::local::{Done, Local, VERSION};

async fn create(local: &Local, arguments: &[&str]) -> Done {
    let mut all = vec!["users", "create", "--password-stdin"];
    all.extend(arguments);
    local.run_with(&all, &format!("{PASSWORD}\n")).await
}

async fn epoch(local: &Local) -> String {
    let user = local.stack.items("UsersTable").await.remove(0);
    user["epoch"].as_n().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_lives_from_its_creation_to_its_deletion() {
    let local = Local::start().await;
    let arguments = ["--username", "Ada", "--email", "ada@example.com", "--json"];
    let created = create(&local, &arguments).await.json();
    assert_eq!(created["username"], json!("Ada"));
    assert_eq!(created["roles"], json!([]));
    let id = created["id"].as_str().unwrap();
    for user in ["ADA", "Ada@example.com", id] {
        let shown = local.run(&["users", "show", user, "--json"]).await;
        assert_eq!(shown.json(), created, "{user}");
    }

    for _ in 0..2 {
        let granted = local.run(&["users", "grant", "ada", "admin", "--json"]);
        assert_eq!(granted.await.json()["roles"], json!(["admin"]));
    }
    let list = local.run(&["users", "list"]).await.out;
    assert!(list.starts_with("ID ") && list.lines().count() == 2);
    assert!(list.contains(" Ada ") && list.contains(" admin "), "{list}");
    let revoked = local.run(&["users", "revoke", "ada", "admin", "--json"]);
    assert_eq!(revoked.await.json()["roles"], json!([]));

    let disabled = local.run(&["users", "disable", "ada", "--json"]).await;
    assert_eq!(disabled.json()["status"], json!("disabled"));
    let enabled = local.run(&["users", "enable", "ada", "--json"]).await;
    assert_eq!(enabled.json()["status"], json!("active"));
    assert_eq!(epoch(&local).await, "2");
    assert_eq!(local.run(&["users", "sign-out", "ada"]).await.code, 0);
    assert_eq!(epoch(&local).await, "3");

    let asked = local.run(&["users", "delete", "ada"]).await;
    assert_eq!(asked.code, 1);
    assert!(asked.err.contains("use --yes"), "{}", asked.err);
    let deleted = local.run(&["users", "delete", "ada", "--yes", "--json"]);
    assert_eq!(deleted.await.json(), json!({ "deleted": id }));
    assert_eq!(local.stack.count().await, 0, "the names are free");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_shown_with_whether_its_owner_has_proved_the_address() {
    let local = Local::start().await;
    let created = create(&local, &["--username", "ada", "--email", "ada@example.com"]);
    assert_eq!(created.await.code, 0);
    assert_eq!(create(&local, &["--username", "bob"]).await.code, 0);
    for (verified, cell) in [(false, " no "), (true, " yes ")] {
        if verified {
            local.stack.prove_address("ada").await;
        }
        let shown = local.run(&["users", "show", "ada", "--json"]).await.json();
        assert_eq!(shown["email_verified"], json!(verified));
        let shown = local.run(&["users", "show", "ada"]).await.out;
        assert!(
            shown.contains(" VERIFIED ") && shown.contains(cell),
            "{shown}"
        );
        let list = local.run(&["users", "list", "--json"]).await.json();
        let listed = list["users"].as_array().unwrap().iter();
        for user in listed {
            let is_proved = verified && user["username"] == "ada";
            assert_eq!(user["email_verified"], json!(is_proved), "{user}");
        }
    }
    let bob = local.run(&["users", "show", "bob"]).await.out;
    let bob = bob.lines().nth(1).unwrap();
    assert!(!bob.contains(" no ") && !bob.contains(" yes "), "{bob}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_a_status_of_a_later_version_is_disabled() {
    let local = Local::start().await;
    create(&local, &["--username", "ada"]).await;
    let later = AttributeValue::S("suspended".to_owned());
    local.stack.set("UsersTable", "status", later).await;
    let shown = local.run(&["users", "show", "ada", "--json"]).await;
    assert_eq!(shown.json()["status"], json!("unknown"));
    let disabled = local.run(&["users", "disable", "ada", "--json"]).await;
    assert_eq!(disabled.json()["status"], json!("disabled"));
    let stored = local.stack.items("UsersTable").await.remove(0);
    assert_eq!(stored["status"].as_s().unwrap(), "disabled");
    assert_eq!(epoch(&local).await, "1", "its sessions end");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_of_a_created_account_signs_in_with_the_roles_it_was_given() {
    let local = Local::start().await;
    let created = create(&local, &["--username", "root", "--role", "admin"]);
    assert_eq!(created.await.code, 0);
    let hasher = local.stack.environment().password_hasher().unwrap();
    let login = local.stack.items("LoginsTable").await.remove(0);
    let hash = login["password_hash"].as_s().unwrap().clone();
    let hash = accounts::PasswordHash::from_stored(hash);
    let password = accounts::Password::parse(PASSWORD).unwrap();
    assert_ne!(
        hasher.verify(&password, Some(&hash)).unwrap(),
        accounts::Verdict::Wrong
    );
    let list = local.run(&["users", "list", "--json"]).await.json();
    assert_eq!(list["users"][0]["roles"], json!(["admin"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_said_in_a_sentence_and_changes_nothing() {
    let local = Local::start().await;
    assert_eq!(create(&local, &["--username", "ada"]).await.code, 0);
    let taken = create(&local, &["--username", "ADA"]).await;
    assert_eq!(
        (taken.code, &*taken.err),
        (1, "error: the username is taken\n")
    );
    let create = ["users", "create", "--username", "eve", "--password-stdin"];
    let weak = local.run_with(&create, "short\n").await;
    assert_eq!(weak.code, 1);
    assert!(weak.err.starts_with("error: the password "), "{}", weak.err);
    // The stack asks for 20 characters.
    let short = local.run_with(&create, "fjord-wax-quip-vale\n").await;
    assert_eq!(short.code, 1);
    let says = "error: the password must have at least 20 characters\n";
    assert_eq!(short.err, says);
    let own = ["users", "create", "--username", "eve", "--password-stdin"];
    let own = local.run_with(&own, "Roadrunner-Logistics\n").await;
    let says = "error: the password is a word that belongs to this service\n";
    assert_eq!((own.code, &*own.err), (1, says));
    let nobody = local.run(&["users", "show", "nobody"]).await;
    assert_eq!(
        (nobody.code, &*nobody.err),
        (1, "error: there is no account nobody\n")
    );
    for wrong in [
        &["users", "grant", "ada", "a king"][..],
        &["users", "create"],
        &["users", "create", "--username", "a b"],
        &["users"],
        &["users", "list", "--limit", "x"],
    ] {
        assert_eq!(local.run(wrong).await.code, 2, "{wrong:?}");
    }
    assert_eq!(local.stack.items("UsersTable").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_those_of_the_stack_and_one_that_it_has_no_more_can_be_taken_away() {
    let local = Local::start().await;
    let created = create(&local, &["--username", "ada", "--role", "admin"]);
    assert_eq!(created.await.code, 0);
    // The owner has other roles from now on, which nobody has yet.
    let roles = "editor=articles:write,owner=users:read+users:write";
    local.leave_word(roles, Some(VERSION));
    let unknown = "error: the stack has no role admin; it has editor, owner\n";
    let again = local.run(&["users", "grant", "ada", "admin"]).await;
    assert_eq!((again.code, &*again.err), (1, unknown));
    let other = create(&local, &["--username", "eve", "--role", "admin"]).await;
    assert_eq!((other.code, &*other.err), (1, unknown));
    assert_eq!(local.stack.items("UsersTable").await.len(), 1);

    let granted = local.run(&["users", "grant", "ada", "owner", "--json"]);
    assert_eq!(granted.await.json()["roles"], json!(["admin", "owner"]));
    let revoked = local.run(&["users", "revoke", "ada", "admin", "--json"]);
    assert_eq!(revoked.await.json()["roles"], json!(["owner"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_stack_it_says_how_to_get_one() {
    let local = Local::start().await;
    let Local {
        stack, directory, ..
    } = local;
    stack.engine.stop().await.unwrap();
    for directory in [directory.path(), "nowhere".as_ref()] {
        let output = Command::new(env!("CARGO_BIN_EXE_latchkey"))
            .args(["users", "list", "--local"])
            .arg(directory)
            .env_remove("LATCHKEY_STACK")
            .output()
            .await
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains("no local stack runs on"), "{error}");
        assert!(error.contains("cargo xtask dev"), "{error}");
    }
}
