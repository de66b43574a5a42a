//! Many at once.

use futures_util::future::join_all;
use serde_json::{Value, json};
use testing::{Answer, Client};

use crate::passkey::{asked, passkey_of};
use crate::{World, networks, refusal, show};

const AT_ONCE: usize = 1_000;
const ENVIRONMENTS: usize = 8;

/// Sends a body for each number at once, over several environments, from the networks in turn.
async fn at_once(world: &World, from: usize, body: impl Fn(usize) -> Value) -> Vec<(u16, Value)> {
    let environments: Vec<_> = (0..ENVIRONMENTS).map(|_| world.stack.api()).collect();
    let requests = (0..AT_ONCE).map(|n| {
        let network = &networks(&environments[n % ENVIRONMENTS], from)[n % from];
        let (api, body): (Client, _) = (network.clone(), body(n));
        tokio::spawn(async move { api.post("/login/mfa", &body).await })
    });
    let answers = join_all(requests.collect::<Vec<_>>()).await.into_iter();
    let answers: Vec<Answer> = answers.collect::<Result<_, _>>().unwrap();
    answers.iter().map(refusal).collect()
}

fn count(answers: &[(u16, Value)], status: u16, error: &Value) -> usize {
    let wanted = (status, error.clone());
    answers.iter().filter(|answer| **answer == wanted).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_posts_of_one_code_one_begins_a_session() {
    let world = World::start().await;
    let (token, before) = (world.mfa_token().await, world.sessions().await);
    let code = world.app.code();
    let answers = at_once(&world, 1, |_| json!({ "mfa_token": token, "code": code })).await;
    let done = count(&answers, 200, &Value::Null);
    let used = count(&answers, 400, &json!("invalid_code"));
    // Each counts before it is compared, and the one that is right forgets those before it.
    let locked = count(&answers, 403, &json!("mfa_locked"));
    let begun = world.sessions().await - before;
    println!(
        "{AT_ONCE} posts of one right code at {ENVIRONMENTS} environments: {done} × 200, \
         {used} × 400 invalid_code, {locked} × 403 mfa_locked; {begun} session"
    );
    assert_eq!((done, begun), (1, 1));
    assert_eq!(done + used + locked, AT_ONCE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_posts_of_one_recovery_code_one_begins_a_session() {
    let world = World::start().await;
    let (token, before) = (world.mfa_token().await, world.sessions().await);
    let told = world.notices().await.len();
    let code = &world.recovery_codes[0];
    let body = |_| json!({ "mfa_token": token, "recovery_code": code });
    let answers = at_once(&world, 1, body).await;
    let done = count(&answers, 200, &Value::Null);
    let used = count(&answers, 400, &json!("invalid_code"));
    let begun = world.sessions().await - before;
    println!(
        "{AT_ONCE} posts of one recovery code at {ENVIRONMENTS} environments: {done} × 200, \
         {used} × 400 invalid_code; {begun} session"
    );
    assert_eq!((done, used, begun), (1, AT_ONCE - 1, 1));
    assert_eq!(world.notices().await.len(), told + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_posts_of_one_answer_of_a_passkey_one_begins_a_session() {
    let world = World::start().await;
    let mut passkey = passkey_of(&world, "ada").await;
    let (token, options) = asked(&world).await;
    let before = world.sessions().await;
    let answer = passkey.sign_in(&options);
    let answers = at_once(
        &world,
        1,
        |_| json!({ "mfa_token": token, "passkey": answer }),
    )
    .await;
    let done = count(&answers, 200, &Value::Null);
    let used = count(&answers, 401, &Value::Null);
    let begun = world.sessions().await - before;
    println!(
        "{AT_ONCE} posts of one answer of a passkey at {ENVIRONMENTS} environments: {done} × 200, \
         {used} × 401; {begun} session"
    );
    assert_eq!((done, used, begun), (1, AT_ONCE - 1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_wrong_codes_few_are_compared_from_one_network_and_a_hundred_from_all() {
    for (from, compared) in [(1, 5), (AT_ONCE, 100)] {
        let world = World::with(&[]).await;
        let token = world.mfa_token().await;
        let codes: Vec<_> = world.wrong_codes().take(AT_ONCE).collect();
        let body = |n: usize| json!({ "mfa_token": token, "code": codes[n] });
        let answers = at_once(&world, from, body).await;
        let wrong = count(&answers, 400, &json!("invalid_code"));
        let locked = count(&answers, 403, &json!("mfa_locked"));
        let refused = count(&answers, 429, &Value::Null);
        let counted = world.failures().await;
        println!(
            "{AT_ONCE} different wrong codes at once from {from} networks: {wrong} compared, \
             {refused} × 429, {locked} × 403 mfa_locked; {counted} counted"
        );
        assert_eq!((wrong, counted), (compared, compared as u64));
        assert_eq!(wrong + locked + refused, AT_ONCE);
        let told = world.notices().await;
        let codes = told
            .iter()
            .filter(|subject| subject.contains("odes for your account"))
            .count();
        assert_eq!(codes, if from == 1 { 0 } else { 2 }, "{told:?}");
        let right = show(&world.api, &token, &world.app.code()).await;
        let expected = if from == 1 { 200 } else { 403 };
        assert_eq!(right.status, expected, "{}", right.json());
    }
}
