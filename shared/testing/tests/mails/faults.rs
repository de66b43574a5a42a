//! Calls that fail, and answers that are lost.

use accounts::{Purpose, Refused, TicketText};
use tables::{MailedRow, SpendError};
use testing::wire::Fault;

use super::{NOW, World, hash};

#[tokio::test]
async fn a_lost_answer_spends_once_and_is_a_success() {
    let world = World::start().await;
    let row = world.issued().await;
    world.wire.fail("TransactWriteItems", &Fault::LostAnswer, 2);
    world.spend(&row, "one", NOW).await.unwrap();
    assert_eq!(world.login().await.password_hash, Some(hash("one")));
    assert_eq!(world.notices().await, 1);
    // The same attempt again, after DynamoDB has forgotten the transaction, is the same success.
    world.spend(&row, "one", NOW + 700).await.unwrap();
    let other = world.spend(&row, "other", NOW + 700).await;
    assert_eq!(other, Err(SpendError::Refused(Refused::Used)));
    assert_eq!(world.notices().await, 1);
}

#[tokio::test]
async fn a_refused_transaction_spends_nothing_and_sends_nothing() {
    let world = World::start().await;
    let row = world.issued().await;
    for (fault, times) in [
        (Fault::NoConnection, 3),
        (Fault::Refused(500, "InternalServerError"), 3),
        (Fault::Canceled("TransactionConflict"), 5),
        (Fault::Canceled("ThrottlingError"), 3),
    ] {
        world.wire.fail("TransactWriteItems", &fault, times);
        let failed = world.spend(&row, "one", NOW).await;
        world.wire.mend();
        assert!(
            matches!(failed, Err(SpendError::Table(_))),
            "{fault:?} {failed:?}"
        );
        assert_eq!(world.login().await.password_hash, Some(hash("old")));
        assert_eq!(world.notices().await, 0);
    }
    world.wire.fail(
        "TransactWriteItems",
        &Fault::Canceled("TransactionConflict"),
        4,
    );
    world.spend(&row, "one", NOW).await.unwrap();
    assert_eq!(world.notices().await, 1);
}

#[tokio::test]
async fn a_ticket_is_spent_before_its_end_alone() {
    let world = World::start().await;
    let row = world.issued().await;
    let end = row.ticket.expires_at;
    let late = world.spend(&row, "late", end).await;
    assert_eq!(late, Err(SpendError::Refused(Refused::Expired)));
    let unknown = world.spend(&world.reset(), "unknown", NOW).await;
    assert_eq!(unknown, Err(SpendError::Refused(Refused::Expired)));
    assert_eq!(world.login().await.password_hash, Some(hash("old")));
    world.spend(&row, "timely", end - 1).await.unwrap();
}

#[tokio::test]
async fn a_lost_answer_issues_once_and_another_row_is_not_overwritten() {
    let world = World::start().await;
    let row = MailedRow::Ticket(world.reset());
    world.wire.fail("PutItem", &Fault::LostAnswer, 2);
    world.mails().issue(&row).await.unwrap();
    let MailedRow::Ticket(mut other) = row else {
        unreachable!("it is a ticket");
    };
    other.ticket.expires_at += 1;
    let overwritten = world.mails().issue(&MailedRow::Ticket(other)).await;
    assert_eq!(overwritten, Err(tables::Error::Conflict));
}

#[tokio::test]
async fn a_guess_whose_answer_is_lost_is_never_free() {
    let world = World::start().await;
    let row = world.issued().await;
    let handle = world.handle(&row, Purpose::Reset);
    world.wire.fail("UpdateItem", &Fault::LostAnswer, 1);
    world.mails().guess(&handle).await.unwrap();
    let text = TicketText::Handle(handle);
    let stored = world.mails().look(&text).await.unwrap().unwrap();
    assert_eq!(stored.ticket.guesses, 2);
}
