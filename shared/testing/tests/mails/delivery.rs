//! From records of the stream to letters.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use accounts::{MacKeys, Purpose};
use letters::{Answer, Batch, GivenUp, Letter, PATIENCE, Post, SendError, Sender, deliver};
use serde_json::{Value, json};
use tables::MailedRow;

use super::{NOW, World};

/// A post whose way fails as a test has it fail, and which keeps the letters.
struct Desk {
    keys: VecDeque<Option<Arc<MacKeys>>>,
    outcomes: Mutex<VecDeque<Result<(), SendError>>>,
    sent: Mutex<Vec<String>>,
    given_up: Mutex<Vec<GivenUp>>,
}

impl Desk {
    fn new(world: &World, outcomes: &[Result<(), SendError>]) -> Self {
        Self::with_keys(
            [Some(world.keys.clone()), Some(world.keys.clone())],
            outcomes,
        )
    }

    /// The first of the keys are those at hand, the second those that the ring has.
    fn with_keys(keys: [Option<MacKeys>; 2], outcomes: &[Result<(), SendError>]) -> Self {
        Self {
            keys: keys.into_iter().map(|keys| keys.map(Arc::new)).collect(),
            outcomes: Mutex::new(outcomes.iter().copied().collect()),
            sent: Mutex::default(),
            given_up: Mutex::default(),
        }
    }

    fn sent(&self) -> Vec<String> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }

    fn given_up(&self) -> Vec<GivenUp> {
        std::mem::take(&mut *self.given_up.lock().unwrap())
    }
}

impl Post for Desk {
    async fn keys(&self, anew: bool) -> Option<Arc<MacKeys>> {
        self.keys[usize::from(anew)].clone()
    }

    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let outcome = self.outcomes.lock().unwrap().pop_front().unwrap_or(Ok(()));
        if outcome.is_ok() {
            self.sent.lock().unwrap().push(letter.text.to_string());
        }
        outcome
    }

    fn give_up(&self, reason: GivenUp) {
        self.given_up.lock().unwrap().push(reason);
    }
}

fn sender() -> Sender {
    Sender {
        name: None,
        app_url: None,
    }
}

/// The record of the newest row, a ticket of a reset that is stored for it.
async fn record(world: &World, number: u32) -> Value {
    let row = world.issued().await;
    let key = world.handle(&row, Purpose::Reset).row_key();
    let items = world.items().await;
    let item = items
        .into_iter()
        .find(|item| item["id"].as_s().unwrap() == &key);
    let image = serde_json::to_value(serde_dynamo::Item::from(item.unwrap())).unwrap();
    json!({
        "eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb",
        "dynamodb": {
            "ApproximateCreationDateTime": NOW, "Keys": {}, "NewImage": image,
            "SequenceNumber": number.to_string(), "StreamViewType": "NEW_IMAGE",
        },
    })
}

async fn records(world: &World, count: u32) -> Vec<Value> {
    let mut records = Vec::new();
    for number in 0..count {
        records.push(record(world, number).await);
    }
    records
}

async fn delivered(records: &[Value], desk: &Desk, now: u64) -> Value {
    let batch: Batch = serde_json::from_value(json!({ "Records": records })).unwrap();
    let answer: Answer = deliver(&batch, &sender(), desk, || now).await;
    serde_json::to_value(answer).unwrap()
}

fn all_done() -> Value {
    json!({ "batchItemFailures": [] })
}

fn from(number: u32) -> Value {
    json!({ "batchItemFailures": [{ "itemIdentifier": number.to_string() }] })
}

#[tokio::test]
async fn what_time_can_mend_stops_the_batch_and_what_it_cannot_does_not() {
    let world = World::start().await;
    let records = records(&world, 4).await;
    let lasting = Err(SendError::Lasting);
    let desk = Desk::new(&world, &[Ok(()), lasting, Err(SendError::Passing)]);
    assert_eq!(delivered(&records, &desk, NOW).await, from(2));
    assert_eq!(desk.given_up(), [GivenUp::Refused]);
    assert_eq!(desk.sent().len(), 1);
    // Lambda calls again with that record and those behind it.
    assert_eq!(delivered(&records[2..], &desk, NOW).await, all_done());
    assert_eq!((desk.sent().len(), desk.given_up().len()), (2, 0));
}

#[tokio::test]
async fn a_record_that_orders_no_letter_is_skipped() {
    let world = World::start().await;
    let records = records(&world, 1).await;
    let desk = Desk::new(&world, &[]);
    let changed = |path: &str, value: Value| {
        let mut record = records[0].clone();
        *record.pointer_mut(path).unwrap() = value;
        record
    };
    let mut to_nobody = records[0].clone();
    let image = to_nobody["dynamodb"]["NewImage"].as_object_mut().unwrap();
    image.remove("to");
    let mut removed = changed("/eventName", json!("REMOVE"));
    removed["dynamodb"]
        .as_object_mut()
        .unwrap()
        .remove("NewImage");
    let modified = changed("/eventName", json!("MODIFY"));
    let skipped = [to_nobody, removed, modified];
    assert_eq!(delivered(&skipped, &desk, NOW).await, all_done());
    let end = NOW + 1_800;
    assert_eq!(delivered(&records, &desk, end).await, all_done());
    assert_eq!((desk.sent().len(), desk.given_up().len()), (0, 0));
    assert_eq!(delivered(&records, &desk, end - 1).await, all_done());
    assert_eq!(desk.sent().len(), 1);
}

#[tokio::test]
async fn a_row_of_a_later_version_waits_for_its_function_and_not_for_ever() {
    let world = World::start().await;
    let mut records = records(&world, 2).await;
    let later = |record: &Value, member: &str, value: Value| {
        let mut record = record.clone();
        record["dynamodb"]["NewImage"][member] = value;
        record
    };
    let purpose = later(
        &records[0],
        "id",
        json!({ "S": format!("later#{}", "0".repeat(32)) }),
    );
    let member = later(&records[0], "later", json!({ "BOOL": true }));
    for unknown in [purpose, member] {
        records[0] = unknown;
        let desk = Desk::new(&world, &[]);
        assert_eq!(
            delivered(&records, &desk, NOW + PATIENCE - 1).await,
            from(0)
        );
        assert_eq!((desk.sent().len(), desk.given_up().len()), (0, 0));
        assert_eq!(delivered(&records, &desk, NOW + PATIENCE).await, all_done());
        assert_eq!(desk.given_up(), [GivenUp::Unreadable]);
        assert_eq!(desk.sent().len(), 1);
    }
}

#[tokio::test]
async fn the_ring_is_read_anew_for_a_key_that_is_not_known() {
    let world = World::start().await;
    let records = records(&world, 2).await;
    let known = || Some(world.keys.clone());
    let none = || Some(MacKeys::default());
    let desk = Desk::with_keys([none(), known()], &[]);
    assert_eq!(delivered(&records, &desk, NOW).await, all_done());
    assert_eq!(desk.sent().len(), 2);
    let desk = Desk::with_keys([none(), none()], &[]);
    assert_eq!(delivered(&records, &desk, NOW).await, all_done());
    assert_eq!(desk.given_up(), [GivenUp::NoMacKey, GivenUp::NoMacKey]);
    for keys in [[None, known()], [none(), None]] {
        let desk = Desk::with_keys(keys, &[]);
        assert_eq!(delivered(&records, &desk, NOW).await, from(0));
        assert_eq!((desk.sent().len(), desk.given_up().len()), (0, 0));
    }
}

#[tokio::test]
async fn a_letter_that_is_sent_twice_has_the_same_code() {
    let world = World::start().await;
    let records = records(&world, 1).await;
    let desk = Desk::new(&world, &[]);
    for _ in 0..2 {
        assert_eq!(delivered(&records, &desk, NOW).await, all_done());
    }
    let sent = desk.sent();
    assert_eq!(sent[0], sent[1]);
    let row = MailedRow::from_image(&records[0]["dynamodb"]["NewImage"].to_string());
    let MailedRow::Ticket(row) = row.unwrap() else {
        panic!("it is a ticket");
    };
    let code = row
        .ticket
        .seed
        .code(Purpose::Reset, &world.keys, NOW)
        .unwrap();
    assert!(sent[0].contains(code.grouped().as_str()));
}
