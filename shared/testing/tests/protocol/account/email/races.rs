//! Many at once, and calls that fail.

use std::sync::Arc;

use serde_json::json;
use testing::wire::Fault;
use testing::{Client, OTHER_PASSWORD, PASSWORD, Session, Stack};
use tokio::task::JoinSet;

use super::{ADA, NEW, asked, confirm, letter_of, notices, problem, signed_up, started, verified};

const ENVIRONMENTS: usize = 20;
const EACH: usize = 50;

/// The session in environments of its own, each of which has read its keys.
async fn environments(stack: &Stack, session: &Session) -> Vec<Session> {
    let mut all = Vec::new();
    for _ in 0..ENVIRONMENTS {
        let function = Client::function("account", &stack.environment());
        let session = function.session(session.answer.clone());
        assert_eq!(session.get("/me").await.status, 200);
        all.push(session);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_confirmations_over_many_environments_one_has_its_effect() {
    let stack = started(&[("EMAIL_CHANGE_DELAY", "0")]).await;
    let ada = verified(&stack, "ada", ADA).await;
    let handle = asked(&ada, NEW).await;
    let link: Arc<str> = letter_of(&stack, NEW, &handle).await.ticket().into();
    let mut confirmations = JoinSet::new();
    for session in environments(&stack, &ada).await {
        for _ in 0..EACH {
            let (session, link) = (session.clone(), Arc::clone(&link));
            confirmations.spawn(async move { confirm(&session, &link, None).await });
        }
    }
    let answers = confirmations.join_all().await;
    let mut statuses = std::collections::BTreeMap::new();
    for answer in &answers {
        *statuses.entry(problem(answer).0).or_insert(0) += 1;
        // 401: the account and the session were read on either side of the change.
        assert!(
            [200, 401, 409, 410, 503].contains(&answer.status),
            "{}",
            answer.json()
        );
    }
    println!("{statuses:?}");
    assert_eq!(statuses.get(&200), Some(&1), "{statuses:?}");
    let me = ada.get("/me").await.json();
    assert_eq!(
        (&me["email"], &me["email_verified"]),
        (&json!(NEW), &json!(true))
    );
    assert_eq!(stack.items("LoginsTable").await.len(), 2);
    assert_eq!(
        stack.items("UsersTable").await[0]["epoch"].as_n().unwrap(),
        "1"
    );
    assert_eq!(
        notices(&stack, ADA).await.len(),
        2,
        "of the ask and of the change"
    );
}

#[tokio::test]
async fn of_a_change_and_a_new_password_at_once_no_session_of_the_loser_lives() {
    for round in 0..8 {
        let stack = started(&[("EMAIL_CHANGE_DELAY", "0")]).await;
        let owner = verified(&stack, "ada", ADA).await;
        let thief = stack.api().sign_in("ada").await;
        let handle = asked(&thief, NEW).await;
        let link = letter_of(&stack, NEW, &handle).await.ticket().to_owned();
        let (changed, password) = tokio::join!(
            confirm(&thief, &link, None),
            owner.change_password(PASSWORD, OTHER_PASSWORD),
        );
        let both = (changed.status, password.status);
        assert!(both.0 != 200 || both.1 != 200, "{round} {both:?}");
        let alive = (thief.get("/me").await.status, owner.get("/me").await.status);
        match both {
            (200, _) => assert_eq!(alive, (200, 401)),
            (_, 200) => assert_eq!(alive, (401, 200)),
            _ => assert_eq!(alive, (200, 200), "neither"),
        }
    }
}

const TRANSACT: &str = "TransactWriteItems";

#[tokio::test]
async fn an_ask_and_a_change_that_fail_leave_nothing_and_can_be_sent_again() {
    let stack = started(&[("EMAIL_CHANGE_DELAY", "0")]).await;
    let ada = verified(&stack, "ada", ADA).await;
    let rows = stack.items("MailsTable").await.len();
    let fault = Fault::Refused(500, "InternalServerError");
    stack.wire.fail(TRANSACT, &fault, 10);
    let failed = ada.put("/me/email", &json!({ "email": NEW })).await;
    assert_eq!(failed.status, 503);
    stack.wire.mend();
    assert_eq!(stack.items("MailsTable").await.len(), rows);

    stack.wire.fail(TRANSACT, &Fault::LostAnswer, 1);
    let handle = asked(&ada, NEW).await;
    assert_eq!(
        stack.items("MailsTable").await.len(),
        rows + 2,
        "a ticket and a notice"
    );
    let code = letter_of(&stack, NEW, &handle).await.code;
    stack.wire.fail(TRANSACT, &fault, 10);
    let failed = confirm(&ada, &handle, code.as_deref()).await;
    assert_eq!(failed.status, 503);
    let ticket = failed.json()["ticket"].as_str().unwrap().to_owned();
    stack.wire.mend();
    assert_eq!(ada.get("/me").await.json()["email"], ADA);
    assert_eq!(notices(&stack, ADA).await.len(), 1);

    stack.wire.fail(TRANSACT, &Fault::LostAnswer, 1);
    assert_eq!(
        confirm(&ada, &ticket, None).await.status,
        200,
        "and no guess was lost"
    );
    assert_eq!(notices(&stack, ADA).await.len(), 2);
}

#[tokio::test]
async fn a_consent_whose_answer_was_lost_counts_and_a_failed_one_can_be_sent_again() {
    let stack = started(&[]).await;
    let ada = verified(&stack, "ada", ADA).await;
    let handle = asked(&ada, NEW).await;
    let consent = stack.letter(ADA, "notice").await.ticket().to_owned();
    let fault = Fault::Refused(500, "InternalServerError");
    stack.wire.fail("UpdateItem", &fault, 10);
    assert_eq!(confirm(&ada, &consent, None).await.status, 503);
    stack.wire.mend();
    let link = letter_of(&stack, NEW, &handle).await.ticket().to_owned();
    assert_eq!(problem(&confirm(&ada, &link, None).await).0, 409);
    stack.wire.fail("UpdateItem", &Fault::LostAnswer, 1);
    assert_eq!(confirm(&ada, &consent, None).await.status, 204);
    assert_eq!(confirm(&ada, &link, None).await.status, 200);
}

#[tokio::test]
async fn a_notice_is_there_once_for_each_change_that_is_whatever_fails() {
    let stack = started(&[]).await;
    let ada = verified(&stack, "ada", ADA).await;
    let fault = Fault::Refused(500, "InternalServerError");
    stack.wire.fail(TRANSACT, &fault, 10);
    assert_eq!(
        ada.change_password(PASSWORD, OTHER_PASSWORD).await.status,
        503
    );
    assert_eq!(ada.delete("/me").await.status, 503);
    stack.wire.mend();
    assert!(notices(&stack, ADA).await.is_empty());
    stack.wire.fail(TRANSACT, &Fault::LostAnswer, 2);
    let changed = ada.change_password(PASSWORD, OTHER_PASSWORD).await;
    let ada = stack.api().session(changed);
    assert_eq!(notices(&stack, ADA).await.len(), 1);
    stack.wire.fail(TRANSACT, &Fault::LostAnswer, 2);
    assert_eq!(ada.delete("/me").await.status, 204);
    assert_eq!(notices(&stack, ADA).await.len(), 2);
    signed_up(&stack.api(), "ada", ADA).await;
}
