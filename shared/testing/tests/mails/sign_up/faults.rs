//! Calls that fail, and answers that are lost.

use accounts::Refused;
use tables::{AccountError, SignUpError};
use testing::wire::Fault;

use super::{NOW, World};

const CONFLICT: Fault = Fault::Canceled("TransactionConflict");

#[tokio::test]
async fn a_lost_answer_makes_one_account_and_is_a_success() {
    let world = World::start().await;
    let row = world.free().await;
    world.wire.fail("TransactWriteItems", &Fault::LostAnswer, 2);
    let user = world.sign_up(&row, "eve", NOW).await.unwrap();
    assert_eq!(world.others().await, (2, 1, 1));
    // The same attempt again, after DynamoDB has forgotten the transaction, is the same success.
    let again = world.sign_up_as(&row, &user, "eve", NOW + 700).await;
    assert_eq!(again, Ok(()));
    let other = world.sign_up(&row, "other", NOW + 700).await;
    assert_eq!(other, Err(SignUpError::Refused(Refused::Used)));
    assert_eq!(world.others().await, (2, 1, 1));
}

#[tokio::test]
async fn a_refused_transaction_makes_no_account_and_spends_nothing() {
    let world = World::start().await;
    let row = world.free().await;
    for (fault, times) in [
        (Fault::NoConnection, 3),
        (Fault::Refused(500, "InternalServerError"), 3),
        (CONFLICT, 5),
        (Fault::Canceled("ThrottlingError"), 3),
    ] {
        world.wire.fail("TransactWriteItems", &fault, times);
        let failed = world.sign_up(&row, "eve", NOW).await;
        world.wire.mend();
        let failed = failed.unwrap_err();
        assert!(
            matches!(failed, SignUpError::Account(AccountError::Table(_))),
            "{fault:?} {failed:?}"
        );
        assert_eq!(world.others().await, (0, 0, 0));
        assert!(!world.is_spent(&row).await);
    }
    world.wire.fail("TransactWriteItems", &CONFLICT, 4);
    world.sign_up(&row, "eve", NOW).await.unwrap();
}

#[tokio::test]
async fn a_contended_sign_up_is_judged_by_the_ticket_and_then_by_the_names() {
    let world = World::start().await;
    let (row, late) = (world.free().await, world.free().await);
    let user = world.sign_up(&row, "eve", NOW).await.unwrap();
    world.wire.fail("TransactWriteItems", &CONFLICT, 100);
    let own = world.sign_up_as(&row, &user, "eve", NOW).await;
    assert_eq!(own, Ok(()));
    let used = world.sign_up(&row, "eve", NOW).await;
    assert_eq!(used, Err(SignUpError::Refused(Refused::Used)));
    let taken = AccountError::Taken {
        username: false,
        email: true,
    };
    let late = world.sign_up(&late, "other", NOW).await;
    assert_eq!(late, Err(SignUpError::Account(taken)));
}

#[tokio::test]
async fn a_ticket_makes_an_account_before_its_end_alone() {
    let world = World::start().await;
    let row = world.free().await;
    let end = row.ticket.expires_at;
    let late = world.sign_up(&row, "eve", end).await;
    assert_eq!(late, Err(SignUpError::Refused(Refused::Expired)));
    assert_eq!(world.others().await, (0, 0, 0));
    world.sign_up(&row, "eve", end - 1).await.unwrap();
}
