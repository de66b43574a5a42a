//! Throttling: logins here, registrations and changes in `changes`, the table in `table`.

mod changes;
mod table;

use std::time::Duration;

use serde_json::{Value, json};
use testing::{Answer, PASSWORD, Stack, number};

/// The longest window: the most that a test may take.
pub(crate) const WINDOW: (&str, &str) = ("THROTTLE_WINDOW", "600");

/// Waits until a window of failures, which begins by the clock, has so many seconds to go.
pub(crate) async fn early_in_a_window(seconds: u64) {
    let left = 600 - api::now() % 600;
    if left < seconds {
        tokio::time::sleep(Duration::from_secs(left)).await;
    }
}

pub(crate) fn retry_after(answer: &Answer) -> u64 {
    assert_eq!(answer.status, 429, "{}", answer.json());
    answer.header("retry-after").unwrap().parse().unwrap()
}

#[tokio::test]
async fn known_and_unknown_names_are_refused_alike_and_wait_longer_the_longer_they_go_on() {
    let window = 600;
    let stack = Stack::start_with(&[("LOGIN_BURST", "2"), WINDOW]).await;
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
        assert!((window - 300..=window).contains(&wait), "{name}: {wait}");
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

/// Lets time pass for every allowance.
async fn age(stack: &Stack, seconds: u64) {
    for item in stack.items("ThrottlesTable").await {
        let mut aged = item.clone();
        for (name, value) in &mut aged {
            if let (true, Ok(time)) = (name.starts_with('t'), value.as_n()) {
                let time: u64 = time.parse().unwrap();
                *value = number(time.saturating_sub(seconds));
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
async fn all_devices_of_an_account_have_one_allowance_and_a_foreign_one_has_none() {
    let limits = [("LOGIN_BURST", "3"), ("ADDRESS_FAILURES", "7"), WINDOW];
    let stack = Stack::start_with(&limits).await;
    early_in_a_window(30).await;
    let api = stack.api();
    let first = api.sign_up("ada").await;
    first.refresh().await;
    let second = api.sign_in("ada").await;
    let foreign = api.sign_up("eve").await;
    for _ in 0..2 {
        let guess = foreign.login_again("ada", "wrong").await;
        assert_eq!(guess.status, 401, "counts for the name and the network");
    }
    for token in [&foreign.refresh_token, "latchkey_rt_forged", ""] {
        let body = json!({ "username": "ada", "password": PASSWORD, "device_token": token });
        assert_eq!(api.post("/login", &body).await.status, 429, "{token}");
    }
    for _ in 0..3 {
        api.login("nobody", "wrong").await;
    }
    let owner = first.login_again("ada", PASSWORD).await;
    assert_eq!(owner.status, 200, "an earlier token of the account");
    assert_eq!(second.login_again("ada", "wrong").await.status, 401);
    assert_eq!(first.login_again("ada", "wrong").await.status, 401);
    retry_after(&second.login_again("ada", PASSWORD).await);
    let blocked = api.login("heidi", PASSWORD).await;
    retry_after(&blocked);
    let failures = "their failures count against the address like others";
    assert_eq!(blocked.status, 429, "{failures}");
}

#[tokio::test]
async fn a_device_that_signs_in_again_gives_up_the_session_it_had() {
    let stack = Stack::start().await;
    let api = stack.api();
    let other = api.sign_up("ada").await;
    let first = api.sign_in("ada").await;
    assert_eq!(first.login_again("ada", "wrong").await.status, 401);
    assert_eq!(first.get("/me").await.status, 200, "a failure ends nothing");
    let second = api.session(first.login_again("ada", PASSWORD).await);
    assert_eq!(first.get("/me").await.status, 401);
    let third = api.session(first.login_again("ada", PASSWORD).await);
    for alive in [&other, &second, &third] {
        assert_eq!(alive.get("/me").await.status, 200);
    }
    assert_eq!(stack.items("SessionsTable").await.len(), 3);
}

#[tokio::test]
async fn failures_of_an_address_count_over_all_names_and_successes_do_not() {
    let limits = [("ADDRESS_FAILURES", "5"), ("LOGIN_BURST", "20"), WINDOW];
    let stack = Stack::start_with(&limits).await;
    early_in_a_window(30).await;
    let api = stack.api();
    api.register("ada", PASSWORD).await;
    for _ in 0..6 {
        assert_eq!(api.login("ada", PASSWORD).await.status, 200);
    }
    for n in 0..5 {
        assert_eq!(api.login(&format!("name{n}"), "wrong").await.status, 401);
    }
    let wait = retry_after(&api.login("ada", PASSWORD).await);
    assert!((1..=600).contains(&wait), "{wait}");
}

#[tokio::test]
async fn an_address_counts_without_its_port_and_by_its_network() {
    let stack = Stack::start_with(&[("LOGIN_BURST", "1"), WINDOW]).await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    for (first, same, other) in [
        ("198.51.100.1:1234", "198.51.100.1:5678", "198.51.100.2"),
        (
            "[2001:db8::1]:443",
            "2001:db8:0:0:ffff::1",
            "2001:db8:0:1::1",
        ),
        ("nonsense", "", "198.51.100.3"),
    ] {
        let login = async |address| api.at_address(address).login("ada", "wrong").await;
        assert_eq!(login(first).await.status, 401, "{first}");
        retry_after(&login(same).await);
        assert_eq!(login(other).await.status, 401, "{other}");
    }
    let moved = api.at_address("[2001:DB8:7::7]:443");
    let moved = moved.session(moved.login("ada", PASSWORD).await);
    assert_eq!(moved.answer.status, 200);
    let list = ada.get("/me/sessions").await.json();
    assert_eq!(list["sessions"][1]["address"], json!("2001:db8:7::7"));
}

#[tokio::test]
async fn a_name_that_is_spent_says_nothing_of_the_other_name_of_its_account() {
    let stack = Stack::start_with(&[("ADDRESS_FAILURES", "1000"), WINDOW]).await;
    let api = stack.api();
    for name in ["ada", "eve"] {
        let email = format!("{name}@example.com");
        let body = json!({ "username": name, "email": email, "password": PASSWORD });
        assert_eq!(api.post("/register", &body).await.status, 201);
    }
    let guess = async |name: &str| {
        let kind = if name.contains('@') {
            "email"
        } else {
            "username"
        };
        let answer = api
            .post("/login", &json!({ kind: name, "password": "wrong" }))
            .await;
        let mut body = answer.json();
        body["instance"] = Value::Null;
        let mut headers: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        headers.sort();
        (answer.status, headers, body)
    };
    for _ in 0..12 {
        guess("ada").await;
    }
    assert_eq!(guess("ada").await.0, 429);
    let mut rows = Vec::new();
    for name in ["ada@example.com", "eve@example.com", "nobody@example.com"] {
        let mut answers = Vec::new();
        for _ in 0..12 {
            answers.push(guess(name).await);
        }
        rows.push(answers);
    }
    let statuses: Vec<_> = rows[0].iter().map(|answer| answer.0).collect();
    println!("after a spent username, each e-mail address: {statuses:?}");
    assert_eq!(statuses, [vec![401; 10], vec![429; 2]].concat());
    assert!(rows.iter().all(|row| *row == rows[0]), "{rows:?}");
}
