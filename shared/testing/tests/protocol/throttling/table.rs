//! The table of attempts: what is in it, how much, and what follows where it fails.

use std::collections::HashMap;
use std::time::Duration;

use accounts::{Allowance, Device, Email, FailureLimit, LoginName, ThrottleKey};
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join3;
use testing::wire::Fault;
use testing::{Answer, OTHER_PASSWORD, PASSWORD, Stack, number};

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
fn size(item: &HashMap<String, AttributeValue>) -> usize {
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
