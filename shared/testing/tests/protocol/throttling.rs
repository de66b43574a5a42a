//! How often a password may be guessed at, and that guessing does not shut the owner out.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join3;
use serde_json::json;
use testing::wire::Fault;
use testing::{Answer, Client, OTHER_PASSWORD, PASSWORD, Stack};

async fn login_from_device(api: &Client, password: &str, device_token: &str) -> Answer {
    let body = json!({ "username": "ada", "password": password, "device_token": device_token });
    api.post("/login", &body).await
}

fn retry_after(answer: &Answer) -> u64 {
    assert_eq!(answer.status, 429, "{}", answer.json());
    answer.header("retry-after").unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn of_1000_parallel_guesses_no_more_than_the_limit_reach_the_hash() {
    // A window that does not end meanwhile, however slow the machine.
    let window = [("THROTTLE_WINDOW", "3600"), ("ADDRESS_FAILURES", "10000")];
    let stack = Stack::start_with(&window).await;
    let api = stack.api();
    let device = api.sign_up("ada").await;
    let guesses: Vec<_> = (0..1_000)
        .map(|n| {
            let api = api.clone();
            tokio::spawn(async move { api.login("ada", &format!("guess {n}")).await })
        })
        .collect();
    let (mut hashed, mut refused) = (0, 0);
    for guess in guesses {
        match guess.await.unwrap().status {
            401 => hashed += 1,
            429 => refused += 1,
            other => panic!("{other}"),
        }
    }
    println!("{hashed} of 1000 guesses reached the hash, {refused} were answered with 429");
    assert_eq!((hashed, refused), (10, 990));
    assert_eq!(api.login("ada", PASSWORD).await.status, 429);
    let owner = login_from_device(&api, PASSWORD, &device.refresh_token).await;
    assert_eq!(owner.status, 200, "{}", owner.json());
}

#[tokio::test]
async fn known_and_unknown_names_are_refused_alike_and_wait_longer_the_longer_they_go_on() {
    // So long that it does not matter how slow the machine is.
    let window = 3_600;
    let stack = Stack::start_with(&[("LOGIN_BURST", "2"), ("THROTTLE_WINDOW", "3600")]).await;
    let api = stack.api();
    api.sign_up("ada").await;
    for name in ["ada", "nobody"] {
        let statuses = [
            api.login(name, "wrong").await.status,
            api.login(name, "wrong").await.status,
        ];
        assert_eq!(statuses, [401, 401], "{name}");
        let answer = api.login(name, "wrong").await;
        let wait = retry_after(&answer);
        assert!((window - 600..=window).contains(&wait), "{name}: {wait}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
        age(&stack, window + 1).await;
        for _ in 0..2 {
            assert_eq!(api.login(name, "wrong").await.status, 401, "{name}");
        }
        let wait = retry_after(&api.login(name, "wrong").await);
        assert!((6 * window..=7 * window).contains(&wait), "{name}: {wait}");
        age(&stack, 64 * window).await;
    }
    assert_eq!(
        api.login("ada", PASSWORD).await.status,
        200,
        "never for ever"
    );
}

/// Lets time pass for everything that is counted.
async fn age(stack: &Stack, seconds: u64) {
    for item in stack.items("ThrottlesTable").await {
        let mut aged = item.clone();
        for (name, value) in &mut aged {
            if let (true, Ok(time)) = (name.starts_with('t'), value.as_n()) {
                let time: u64 = time.parse().unwrap();
                *value = AttributeValue::N(time.saturating_sub(seconds).to_string());
            }
        }
        let put = stack
            .engine
            .client()
            .put_item()
            .table_name("ThrottlesTable");
        put.set_item(Some(aged)).send().await.unwrap();
    }
}

#[tokio::test]
async fn a_device_has_an_allowance_of_its_own_for_its_own_account() {
    let stack = Stack::start_with(&[("LOGIN_BURST", "3"), ("ADDRESS_FAILURES", "4")]).await;
    let api = stack.api();
    let first = api.sign_up("ada").await;
    first.refresh().await;
    let foreign = api.sign_up("eve").await;
    for _ in 0..3 {
        let guess = login_from_device(&api, "wrong", &foreign.refresh_token).await;
        assert_eq!(guess.status, 401, "counts for the name");
    }
    for token in [&foreign.refresh_token, "latchkey_rt_forged", ""] {
        let refused = login_from_device(&api, PASSWORD, token).await;
        assert_eq!(refused.status, 429, "{token}");
    }
    api.login("nobody", "wrong").await;
    let blocked = api.login("eve", PASSWORD).await;
    assert_eq!(blocked.status, 429, "the address has failed too often");
    let owner = login_from_device(&api, PASSWORD, &first.refresh_token).await;
    assert_eq!(owner.status, 200, "an earlier token of the account");
    for _ in 0..2 {
        login_from_device(&api, "wrong", &first.refresh_token).await;
    }
    assert_eq!(
        login_from_device(&api, PASSWORD, &first.refresh_token)
            .await
            .status,
        429,
        "and an allowance it is"
    );
}

#[tokio::test]
async fn failures_of_an_address_count_over_all_names_and_successes_do_not() {
    let stack = Stack::start_with(&[("ADDRESS_FAILURES", "5"), ("LOGIN_BURST", "20")]).await;
    let api = stack.api();
    api.register("ada", PASSWORD).await;
    for _ in 0..6 {
        assert_eq!(api.login("ada", PASSWORD).await.status, 200);
    }
    for n in 0..5 {
        assert_eq!(api.login(&format!("name{n}"), "wrong").await.status, 401);
    }
    let wait = retry_after(&api.login("ada", PASSWORD).await);
    assert!((1..=60).contains(&wait), "{wait}");
}

#[tokio::test]
async fn registrations_of_an_address_are_limited_and_bad_input_costs_none() {
    let stack = Stack::start_with(&[("REGISTRATION_BURST", "2")]).await;
    let api = stack.api();
    for _ in 0..5 {
        assert_eq!(api.register("a", "short").await.status, 400);
    }
    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
    assert_eq!(api.register("ada", PASSWORD).await.status, 409);
    retry_after(&api.register("eve", PASSWORD).await);
    assert_eq!(stack.items("UsersTable").await.len(), 1);
}

#[tokio::test]
async fn the_current_password_cannot_be_guessed_with_a_stolen_token() {
    let stack = Stack::start_with(&[("LOGIN_BURST", "2")]).await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let change = async |current| ada.change_password(current, OTHER_PASSWORD).await;
    for _ in 0..2 {
        assert_eq!(change("wrong").await.status, 400);
    }
    retry_after(&change(PASSWORD).await);
    assert_eq!(api.login("ada", PASSWORD).await.status, 200, "apart");
}

#[tokio::test]
async fn without_the_table_of_attempts_nobody_gets_one() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let fault = Fault::Refused(500, "InternalServerError");
    for _ in 0..3 {
        stack.wire.fail("UpdateItem", &fault, 10);
        let answers = join3(
            api.login("ada", PASSWORD),
            api.register("eve", PASSWORD),
            ada.change_password(PASSWORD, OTHER_PASSWORD),
        );
        let answers: [Answer; 3] = answers.await.into();
        stack.wire.mend();
        for answer in answers {
            assert_eq!(answer.status, 503, "{}", answer.json());
        }
    }
    assert_eq!(stack.items("SessionsTable").await.len(), 1);
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn no_name_address_or_password_is_kept_in_the_table_of_attempts_as_it_is_typed() {
    let stack = Stack::start().await;
    let api = stack.api();
    api.login("hunter2-typed-as-name", "wrong").await;
    let kept = format!("{:?}", stack.items("ThrottlesTable").await);
    assert!(
        kept.contains("login#") && !kept.contains("hunter2"),
        "{kept}"
    );
}
