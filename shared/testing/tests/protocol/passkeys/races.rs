//! Many uses at once, and answers that are lost.

use accounts::{Authentication, Device, Methods, Session, SessionSecret};
use api::{Error, Gateway, PasskeyVerifier};
use futures_util::future::join_all;
use passkeys::Refused;
use serde_json::json;
use tables::SessionChange;
use testing::Stack;
use testing::passkey::Passkey;
use testing::wire::Fault;

use super::{ada, is_refused, request, send};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_any_number_of_posts_of_one_answer_one_begins_a_session() {
    let posts = std::env::var("LATCHKEY_PARALLEL_GUESSES");
    let posts: usize = posts.map_or(40, |text| text.parse().unwrap());
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (_, mut passkey) = ada(&api).await;
    let before = sessions(&stack).await;
    let credential = passkey.sign_in(&request(&api).await);
    let answers = join_all((0..posts).map(|_| send(&api, &credential))).await;
    let begun = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = answers.iter().filter(|answer| is_refused(answer)).count();
    let contended = answers.iter().filter(|answer| answer.status == 503).count();
    println!("{posts} posts: {begun} sessions, {refused} refused, {contended} to be sent again");
    assert_eq!(begun, 1);
    assert_eq!(begun + refused + contended, posts);
    assert_eq!(sessions(&stack).await, before + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_that_sign_in_at_once_leave_the_highest_count() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let session = api.sign_up("ada").await;
    let mut passkey = Passkey::of_stack();
    passkey.sign_count = 1;
    assert_eq!(passkey.enrol(&session, "Key").await.status, 201);
    let mut credentials = Vec::new();
    for _ in 0..6 {
        credentials.push(passkey.sign_in(&request(&api).await));
    }
    let answers = join_all(credentials.iter().map(|it| send(&api, it))).await;
    let highest = answers.iter().rposition(|answer| answer.status == 200);
    let highest = u32::try_from(highest.unwrap()).unwrap() + 2;
    let factors = stack.environment().factors().unwrap();
    let held = factors.of(stack.user("ada").await.id).await.unwrap();
    assert_eq!(held.passkeys[0].sign_count, highest);
    passkey.sign_count = 20;
    assert_eq!(passkey.log_in(&api).await.status, 200);
}

/// Both are right by the count that was read.
#[tokio::test]
async fn of_two_copies_of_a_key_that_are_used_at_once_one_is_found_out() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let mut passkey = Passkey::of_stack();
    passkey.sign_count = 1;
    let owner = api.sign_up("ada").await;
    assert_eq!(passkey.enrol(&owner, "Key").await.status, 201);
    let environment = stack.environment();
    let verifier = PasskeyVerifier::new(&environment).unwrap().unwrap();
    let (macs, now) = (stack.mac_keys().await, api::now());
    let gateway = Gateway {
        request_id: String::new(),
        domain_name: None,
        device: Device::default(),
    };
    let mut both = Vec::new();
    for _ in 0..2 {
        passkey.sign_count = 1;
        let answer = passkey.sign_in(&request(&api).await).to_string();
        let shown = verifier.read(&answer, &macs, now).unwrap();
        both.push(verifier.verify(shown, &gateway, now).await.unwrap());
    }
    let before = sessions(&stack).await;
    let lifetime = environment.session_lifetime().unwrap();
    let mut outcomes = Vec::new();
    for proven in both {
        let proof = Authentication::by(Methods::passkey(), now);
        let secret = SessionSecret::generate().unwrap();
        let device = Device::default();
        let owner = proven.user.owner();
        let session = Session::begin(owner, proof, lifetime, &secret, device);
        let change = SessionChange::Begin {
            session: &session,
            replaced: None,
        };
        outcomes.push(verifier.spend(proven, change).await);
    }
    let one = matches!(
        outcomes[..],
        [Ok(()), Err(Error::PasskeyRefused(Refused::Cloned))]
    );
    assert!(one, "{outcomes:?}");
    assert_eq!(sessions(&stack).await, before + 1);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_known_again() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (_, mut passkey) = ada(&api).await;
    let before = sessions(&stack).await;
    let credential = passkey.sign_in(&request(&api).await);
    stack.wire.fail("TransactWriteItems", &Fault::LostAnswer, 1);
    let answer = send(&api, &credential).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(sessions(&stack).await, before + 1);
    let session = api.session(answer);
    assert_eq!(session.get("/protected").await.status, 200);
    assert!(is_refused(&send(&api, &credential).await));
}

#[tokio::test]
async fn a_write_that_does_not_arrive_leaves_the_answer_unused() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (_, mut passkey) = ada(&api).await;
    let credential = passkey.sign_in(&request(&api).await);
    stack
        .wire
        .fail("TransactWriteItems", &Fault::NoConnection, 100);
    let answer = send(&api, &credential).await;
    assert_eq!(answer.status, 503, "{}", answer.json());
    stack.wire.mend();
    assert_eq!(send(&api, &credential).await.status, 200);
}

async fn sessions(stack: &Stack) -> usize {
    let client = stack.engine.client();
    let table = stack.variable("SESSIONS_TABLE");
    let scanned = client.scan().table_name(table).send().await.unwrap();
    assert_eq!(scanned.last_evaluated_key, None, "{}", json!("one page"));
    scanned.items.unwrap_or_default().len()
}
