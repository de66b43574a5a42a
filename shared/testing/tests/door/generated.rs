//! Whatever is made up is answered.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;

use local::functions::Started;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use testing::Stack;
use tokio::runtime::Runtime;

use crate::made_up::{TOKEN, routes, sent};
use crate::{invoke, started};

/// The number of events, unless `LATCHKEY_EVENTS` gives another.
const EVENTS: u32 = 10_000;

/// The number of events that came as far as each stage.
#[derive(Debug, Default)]
struct Seen {
    events: u32,
    router: u32,
    handler: u32,
    statuses: BTreeMap<u64, u32>,
}

#[test]
fn whatever_is_made_up_is_answered_without_a_fault() {
    let events = env::var("LATCHKEY_EVENTS").map_or(EVENTS, |events| events.parse().unwrap());
    let runtime = Runtime::new().unwrap();
    let stack = runtime.block_on(Stack::unthrottled());
    let api = stack.api();
    let person =
        |n: u32| runtime.block_on(async { api.sign_up(&format!("person{n}")).await.access_token });
    let functions: BTreeMap<_, _> = routes()
        .into_iter()
        .map(|(name, _)| (name.clone(), started(&name, &stack)))
        .collect();
    let config = ProptestConfig {
        cases: events,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let seen = RefCell::new(Seen::default());
    let token = RefCell::new(person(0));
    let outcome = TestRunner::new(config).run(&sent(), |sent| {
        let function = &functions[&sent.function];
        let event = sent.event().to_string().replace(TOKEN, &token.borrow());
        let seen = &mut seen.borrow_mut();
        let status = runtime.block_on(check(function, &event, seen))?;
        // It may have ended the session or the account: then nothing would get past a guard any
        // more.
        if status == 204 {
            *token.borrow_mut() = person(seen.events);
        }
        Ok(())
    });
    outcome.unwrap();
    let seen = seen.into_inner();
    println!("{seen:?}");
    assert!(seen.router * 100 >= seen.events * 20, "{seen:?}");
    assert!(seen.handler * 100 >= seen.events * 5, "{seen:?}");
}

async fn check(function: &Started, event: &str, seen: &mut Seen) -> Result<u64, TestCaseError> {
    let outcome = invoke(function, event).await;
    let status = outcome.status();
    prop_assert!(status < 500, "{}", outcome.line);
    let is_matched = outcome.line["route"] != "-";
    seen.events += 1;
    seen.router += u32::from(is_matched);
    // A guard refuses with 401.
    seen.handler += u32::from(is_matched && ![401, 404, 405].contains(&status));
    *seen.statuses.entry(status).or_default() += 1;
    Ok(status)
}
