//! Calls that fail, and answers that are lost, at each route.

use testing::wire::Fault;

use super::{EVE, World, ask, confirm, confirm_by_code};

const FAULTS: [Fault; 4] = [
    Fault::NoConnection,
    Fault::Refused(500, "InternalServerError"),
    Fault::Refused(400, "ProvisionedThroughputExceededException"),
    Fault::Refused(400, "AccessDeniedException"),
];

#[tokio::test]
async fn an_ask_that_fails_is_a_503_and_mails_nobody() {
    let world = World::unlimited().await;
    for fault in FAULTS {
        for operation in ["GetItem", "PutItem"] {
            world.stack.wire.fail(operation, &fault, 10);
            let failed = ask(&world.api, EVE).await;
            assert_eq!(failed.status, 503, "{operation} {fault:?}");
            assert_eq!(failed.header("retry-after"), Some("1"));
            world.stack.wire.mend();
            assert!(world.stored().await.is_empty(), "{operation} {fault:?}");
        }
    }
    // As many throttles as an allowance has.
    let throttled = World::start().await;
    throttled.ask("warm@example.com").await;
    let stored = throttled.stored().await;
    for fault in FAULTS {
        throttled.stack.wire.fail("UpdateItem", &fault, 10);
        let failed = ask(&throttled.api, EVE).await;
        throttled.stack.wire.mend();
        assert_eq!(failed.status, 503, "{fault:?}");
        assert_eq!(throttled.stored().await, stored, "{fault:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_mails_once() {
    let world = World::unlimited().await;
    world.stack.wire.fail("PutItem", &Fault::LostAnswer, 2);
    world.ask(EVE).await;
    assert_eq!(world.stack.letters(EVE).await.len(), 1);
}

#[tokio::test]
async fn a_sign_up_that_fails_is_a_503_and_can_be_tried_again() {
    let world = World::unlimited().await;
    let (handle, code) = world.code(EVE).await;
    let link = world.stack.letter(EVE, "signup").await.ticket().to_owned();
    for fault in FAULTS {
        for operation in ["GetItem", "TransactWriteItems"] {
            world.stack.wire.fail(operation, &fault, 10);
            let failed = confirm(&world.api, &link, "eve").await;
            world.stack.wire.mend();
            assert_eq!(failed.status, 503, "{operation} {fault:?}");
            assert_eq!(world.stack.count().await, 0, "{operation} {fault:?}");
        }
        world.stack.wire.fail("UpdateItem", &fault, 10);
        let failed = confirm_by_code(&world.api, &handle, &code, "eve").await;
        world.stack.wire.mend();
        assert_eq!(failed.status, 503, "{fault:?}");
    }
    world
        .stack
        .wire
        .fail("TransactWriteItems", &Fault::LostAnswer, 1);
    let made = confirm(&world.api, &link, "eve").await;
    assert_eq!(made.status, 201, "{}", made.json());
    assert_eq!(world.stack.items("UsersTable").await.len(), 1);
}

#[tokio::test]
async fn after_a_right_code_a_failure_carries_the_link() {
    let world = World::unlimited().await;
    let (handle, code) = world.code(EVE).await;
    let failure = Fault::Refused(500, "InternalServerError");
    world.stack.wire.fail("TransactWriteItems", &failure, 10);
    let failed = confirm_by_code(&world.api, &handle, &code, "eve").await;
    world.stack.wire.mend();
    assert_eq!(failed.status, 503);
    let link = failed.json()["ticket"].as_str().unwrap().to_owned();
    assert_eq!(confirm(&world.api, &link, "eve").await.status, 201);
}
