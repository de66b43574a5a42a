//! Rows that no mail is made of, or not yet.

use aws_sdk_dynamodb::types::AttributeValue;
use local::functions::Function;
use local::pump::Turn;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use tables::TicketRow;
use testing::Stack;

use super::{order, recipients, turn};

/// Gives the newest row another key, or another member, as a later version might.
async fn put_later(stack: &Stack, id: &str, member: Option<&str>) {
    let mut item = stack.items("MailsTable").await.remove(0);
    item.insert("id".to_owned(), AttributeValue::S(id.to_owned()));
    if let Some(member) = member {
        item.insert(member.to_owned(), AttributeValue::Bool(true));
    }
    let put = stack.engine.client().put_item().table_name("MailsTable");
    put.set_item(Some(item)).send().await.unwrap();
}

/// The event, as if so many seconds had passed since its rows were written.
fn aged(mut event: Value, seconds: f64) -> Value {
    for record in event["Records"].as_array_mut().unwrap() {
        let written = &mut record["dynamodb"]["ApproximateCreationDateTime"];
        *written = json!(written.as_f64().unwrap() - seconds);
    }
    event
}

#[tokio::test]
async fn a_row_of_a_later_version_waits_ten_minutes_for_its_function_and_then_blocks_nothing() {
    let digits = "0".repeat(32);
    for (id, member) in [
        (format!("later#{digits}"), None),
        (format!("reset#{digits}"), Some("later")),
    ] {
        let stack = Stack::with_mail(&[]).await;
        let mut addresses = order(&stack, 1).await;
        put_later(&stack, &id, member).await;
        stack.order("behind@example.com").await;
        let mailbox = stack.mailbox().await;
        let mut pump = mailbox.pump();
        for _ in 0..2 {
            assert_eq!(turn(&mut pump).await, Turn::Failed, "{id}");
        }
        assert_eq!(recipients(&mailbox.inbox.mails()), addresses, "{id}");

        let event = aged(pump.waiting().unwrap(), 600.0);
        let function = Function::named("mailer").start(&mailbox.environment());
        let event = to_raw_value(&event).unwrap();
        let answer = function.unwrap().invoke(&event, Default::default()).await;
        assert_eq!(answer.unwrap(), json!({ "batchItemFailures": [] }), "{id}");
        addresses.push("behind@example.com".to_owned());
        assert_eq!(recipients(&mailbox.inbox.mails()), addresses, "{id}");
    }
}

#[tokio::test]
async fn the_ring_is_read_anew_for_a_key_that_is_newer_than_the_copy_at_hand() {
    let stack = Stack::with_mail(&[]).await;
    let mailbox = stack.mailbox().await;
    let mut pump = mailbox.pump();
    let old = stack.order("old@example.com").await;
    assert_eq!(turn(&mut pump).await, Turn::Delivered);
    let rotation = stack.environment().rotation().unwrap();
    let retire = async |row: &TicketRow| {
        rotation.maintain(api::now()).await.unwrap();
        let key = format!("{:016x}", row.ticket.seed.mac_key);
        rotation.retire(&key, api::now()).await.unwrap();
    };
    retire(&old).await;
    stack.order("new@example.com").await;
    mailbox.wire.take();
    assert_eq!(turn(&mut pump).await, Turn::Delivered);
    let mails = mailbox.inbox.mails();
    assert_eq!(recipients(&mails), ["old@example.com", "new@example.com"]);
    let operations = mailbox.wire.take().into_iter();
    let operations: Vec<_> = operations.map(|sent| sent.operation).collect();
    assert_eq!(operations, ["GetItem", "SendEmail"]);

    // A ticket of a retired key is none any more.
    let gone = stack.order("gone@example.com").await;
    retire(&gone).await;
    stack.order("last@example.com").await;
    assert_eq!(turn(&mut mailbox.pump()).await, Turn::Delivered);
    let sent = recipients(&mailbox.inbox.mails());
    let after: Vec<_> = sent.iter().skip(2).collect();
    assert_eq!(after, ["last@example.com"]);
}

#[tokio::test]
async fn a_ticket_that_is_guessed_at_is_mailed_once() {
    let stack = Stack::with_mail(&[]).await;
    let row = stack.order("ada@example.com").await;
    let mailbox = stack.mailbox().await;
    let keys = api::RefreshKeys::new(&stack.environment()).unwrap();
    let keys = keys.at(api::now()).await.unwrap();
    let handle = row
        .ticket
        .seed
        .handle(accounts::Purpose::Reset, &keys, api::now());
    let mails = stack.environment().mails().unwrap().unwrap();
    assert!(mails.guess(&handle.unwrap()).await.unwrap().is_some());
    let mut pump = mailbox.pump();
    assert_eq!(turn(&mut pump).await, Turn::Delivered);
    assert_eq!(turn(&mut pump).await, Turn::Idle);
    assert_eq!(mailbox.inbox.mails().len(), 1);
}
