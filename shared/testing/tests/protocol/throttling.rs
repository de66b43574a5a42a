//! Throttling: logins, registrations, and the changes that the owner of an account makes.

use std::time::Duration;

use accounts::{Allowance, Device, Email, FailureLimit, LoginName, ThrottleKey};
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join3;
use serde_json::{Value, json};
use testing::wire::Fault;
use testing::{Answer, OTHER_PASSWORD, PASSWORD, Stack, number};

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
async fn registrations_of_an_address_are_limited_and_bad_input_costs_none() {
    let stack = Stack::start_with(&[("REGISTRATION_BURST", "2"), WINDOW]).await;
    let api = stack.api();
    for _ in 0..5 {
        assert_eq!(api.register("a", "short").await.status, 400);
    }
    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
    assert_eq!(api.register("ada", PASSWORD).await.status, 409);
    retry_after(&api.register("eve", PASSWORD).await);
    assert_eq!(stack.items("UsersTable").await.len(), 1);
    for (address, status) in [
        ("2001:db8:0:100::1", 201),
        ("2001:db8:0:1ff::1", 201),
        ("2001:db8:0:180::1", 429),
        ("2001:db8:0:200::1", 201),
    ] {
        let name = address.replace(':', ".");
        let registered = api.at_address(address).register(&name, PASSWORD).await;
        assert_eq!(
            registered.status,
            status,
            "{address}: {}",
            registered.json()
        );
    }
}

#[tokio::test]
async fn changes_have_an_allowance_by_session_and_kind_and_ends_have_none() {
    let stack = Stack::start_with(&[("LOGIN_BURST", "2"), WINDOW]).await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let rename = async |n: u32| {
        let names = json!({ "username": format!("ada{n}") });
        ada.patch("/me", &names).await
    };
    for n in 0..2 {
        assert_eq!(rename(n).await.status, 200);
    }
    retry_after(&rename(2).await);
    assert_eq!(
        rename(1).await.status,
        200,
        "nothing changes, nothing counts"
    );
    for _ in 0..2 {
        assert_eq!(ada.delete("/me/sessions").await.status, 204);
    }
    retry_after(&ada.delete("/me/sessions").await);
    for _ in 0..2 {
        let wrong = ada.change_password("wrong", OTHER_PASSWORD).await;
        assert_eq!(wrong.status, 400);
    }
    retry_after(&ada.change_password(PASSWORD, OTHER_PASSWORD).await);

    let mut other = api.sign_in("ada1").await;
    let one = "/me/sessions/019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12";
    for _ in 0..30 {
        other = other.refreshed().await;
        assert_eq!(other.delete(one).await.status, 204);
    }
    let renamed = other.patch("/me", &json!({ "username": "eve" })).await;
    assert_eq!(renamed.status, 200, "another session has its own");
    assert_eq!(ada.delete("/me").await.status, 204);
}

#[tokio::test]
async fn a_new_name_takes_from_the_registrations_of_its_network_too() {
    let stack = Stack::start_with(&[("REGISTRATION_BURST", "3"), WINDOW]).await;
    let api = stack.api();
    api.register("eve", PASSWORD).await;
    let ada = api.sign_up("ada").await;
    let probe = json!({ "username": "eve" });
    assert_eq!(ada.patch("/me", &probe).await.status, 409);
    retry_after(&ada.patch("/me", &probe).await);
    retry_after(&api.register("grace", PASSWORD).await);
    let elsewhere = ada.at_address("198.51.100.7");
    let name = json!({ "username": "lovelace" });
    assert_eq!(elsewhere.patch("/me", &name).await.status, 200);
}

#[tokio::test]
async fn an_administrator_makes_200_changes_in_a_row() {
    let stack = Stack::start_with(&[("LOGIN_BURST", "2"), WINDOW]).await;
    let api = stack.api();
    let eve = api.sign_up("eve").await.user_id();
    let root = stack.administrator(&api, "root").await;
    let path = format!("/admin/users/{eve}");
    let mut refused = 0;
    for n in 0..200 {
        let status = ["disabled", "active"][n % 2];
        let changed = root.patch(&path, &json!({ "status": status })).await;
        refused += usize::from(changed.status == 429);
        assert_eq!(changed.status, 200, "{}", changed.json());
    }
    println!("200 changes by an administrator: {refused} × 429");
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
    for key in ["login#", "name#", "address#"] {
        assert!(kept.contains(key), "{kept}");
    }
    assert!(!kept.contains("hunter2"), "{kept}");
}

/// DynamoDB's own rule: the bytes of names and texts, and of a number one for two digits and one
/// more.
fn size(item: &std::collections::HashMap<String, AttributeValue>) -> usize {
    let values = item.iter().map(|(name, value)| {
        name.len()
            + match value {
                AttributeValue::N(digits) => digits.len().div_ceil(2) + 1,
                AttributeValue::S(text) => text.len(),
                other => panic!("{other:?}"),
            }
    });
    values.sum()
}

#[tokio::test]
async fn the_fullest_item_is_one_unit_of_writing() {
    let stack = Stack::start().await;
    let throttles = stack.environment().throttles().unwrap();
    let email = Email::parse("ada@example.com").unwrap();
    let name = LoginName::from(&email);
    let device = Device::new(Some("2001:dead:beef:cafe::1"), None);
    let window = Duration::from_secs(600);
    let (fullest, now) = (Allowance::new(Allowance::MAX_BURST, window), 9_999_000_000);
    let apart = fullest.memory().as_secs() / fullest.slots() as u64 + 1;
    for attempt in 0..=fullest.slots() as u64 {
        let key = ThrottleKey::login(&name, &device);
        let wait = throttles.take(&key, fullest, now + attempt * apart).await;
        assert_eq!(wait.unwrap(), None);
    }
    let limit = FailureLimit::new(10_000, window);
    let period = limit.period_end(now);
    for windows in 0..64 {
        let at = period + windows * window.as_secs();
        for key in [ThrottleKey::name(&name), ThrottleKey::address(&device)] {
            throttles.count(&key, limit, at).await.unwrap();
        }
    }
    let mut sizes = Vec::new();
    for mut item in stack.items("ThrottlesTable").await {
        let key = item["key"].as_s().unwrap().clone();
        if !key.starts_with("login#") {
            assert_eq!(item.len(), 64 + 3, "{key}");
            for (_, value) in item.iter_mut().filter(|(name, _)| name.starts_with('w')) {
                *value = number(50_000);
            }
        }
        sizes.push((key.split('#').next().unwrap().to_owned(), size(&item)));
    }
    println!("fullest items, in bytes: {sizes:?}");
    assert_eq!(sizes.len(), 3);
    assert!(sizes.iter().all(|(_, size)| *size < 1_024), "{sizes:?}");
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
