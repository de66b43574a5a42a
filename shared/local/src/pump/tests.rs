//! A stream of the engine, and a function behind the API of Lambda that answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::types::AttributeValue;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::*;
use crate::Template;
use crate::engine::Engine;

const TEMPLATE: &str = "Globals:
  Function:
    Timeout: 5
Resources:
  MailsTable:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - AttributeName: id
          AttributeType: S
      KeySchema:
        - AttributeName: id
          KeyType: HASH
      StreamSpecification:
        StreamViewType: NEW_IMAGE
  Function:
    Type: AWS::Serverless::Function
    Metadata:
      BuildProperties:
        Binary: reader
    Properties:
      Events:
        Stream:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt MailsTable.StreamArn
            StartingPosition: TRIM_HORIZON
            BatchSize: 10
            MaximumRetryAttempts: -1
            MaximumRecordAgeInSeconds: 43200
            FunctionResponseTypes: [ReportBatchItemFailures]
";

/// A moment at which the records of a test are new.
fn soon() -> Timestamp {
    api::now() + 1
}

/// The function: the events that it got, and the answers that it has left. Without one it answers
/// with null.
#[derive(Clone, Default)]
struct Function {
    events: Arc<Mutex<Vec<Value>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
}

type Answer = Box<dyn Fn(&Value) -> (StatusCode, Value) + Send>;

impl Function {
    async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let invocations = "/2015-03-31/functions/reader/invocations";
        let router = Router::new().route(invocations, post(invoked));
        let router = router.with_state(self.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        url
    }

    fn answers(&self, answer: impl Fn(&Value) -> (StatusCode, Value) + Send + 'static) {
        self.answers.lock().unwrap().push_back(Box::new(answer));
    }

    /// Names the records in these places of the batch as failed.
    fn names(&self, places: &'static [usize]) {
        self.answers(|event| {
            let places = places.iter();
            let named = places.map(|place| &event["Records"][place]["dynamodb"]["SequenceNumber"]);
            let named = named.map(|number| json!({ "itemIdentifier": number }));
            let named: Vec<_> = named.collect();
            (StatusCode::OK, json!({ "batchItemFailures": named }))
        });
    }

    /// The keys of the items of each batch.
    fn batches(&self) -> Vec<String> {
        let events = self.events.lock().unwrap();
        let batches = events.iter().map(|event| {
            let records = event["Records"].as_array().unwrap().iter();
            let ids = records.map(|record| record["dynamodb"]["Keys"]["id"]["S"].as_str());
            ids.map(Option::unwrap).collect::<Vec<_>>().join(" ")
        });
        batches.collect()
    }
}

async fn invoked(State(function): State<Function>, body: String) -> (StatusCode, Json<Value>) {
    let event: Value = serde_json::from_str(&body).unwrap();
    let answer = function.answers.lock().unwrap().pop_front();
    let (status, answer) = answer.map_or((StatusCode::OK, Value::Null), |of| of(&event));
    function.events.lock().unwrap().push(event);
    (status, Json(answer))
}

struct Stack {
    engine: Engine,
    function: Function,
    url: String,
    directory: TempDir,
}

impl Stack {
    async fn start() -> Self {
        let function = Function::default();
        Self {
            engine: Engine::start_of(&Template::parse(TEMPLATE)).await.unwrap(),
            url: function.serve().await,
            function,
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn pump(&self) -> Pump {
        self.pump_of(&self.engine)
    }

    fn pump_of(&self, engine: &Engine) -> Pump {
        let mapping = Template::parse(TEMPLATE).mappings().remove(0);
        let stream = engine.stream(&mapping.table).unwrap();
        let position = self.directory.path().join("position.json");
        Pump::new(stream, mapping, &self.url, &position).unwrap()
    }

    async fn put(&self, ids: impl IntoIterator<Item = usize>) {
        put(&self.engine, ids).await;
    }
}

async fn put(engine: &Engine, ids: impl IntoIterator<Item = usize>) {
    for id in ids {
        let put = engine.client().put_item().table_name("MailsTable");
        let id = AttributeValue::S(id.to_string());
        put.item("id", id).send().await.unwrap();
    }
}

#[tokio::test]
async fn a_stream_is_handed_over_from_its_first_record_on_in_batches_and_in_order() {
    let stack = Stack::start().await;
    // Before there is anybody who reads: TRIM_HORIZON.
    stack.put(0..25).await;
    let mut pump = stack.pump();
    for _ in 0..3 {
        assert_eq!(pump.turn(soon()).await.unwrap(), Turn::Delivered);
    }
    assert_eq!(pump.turn(soon()).await.unwrap(), Turn::Idle);
    let expected = [
        "0 1 2 3 4 5 6 7 8 9",
        "10 11 12 13 14 15 16 17 18 19",
        "20 21 22 23 24",
    ];
    assert_eq!(stack.function.batches(), expected);
}

#[tokio::test]
async fn an_event_is_of_the_form_that_aws_documents() {
    let stack = Stack::start().await;
    stack.put([7]).await;
    stack.pump().turn(soon()).await.unwrap();
    let event = stack.function.events.lock().unwrap().remove(0);
    let arn = stack.engine.stream("MailsTable").unwrap().arn().to_owned();
    let record = &event["Records"][0];
    assert_eq!(record["eventSourceARN"], arn);
    assert_eq!(record["eventName"], "INSERT");
    assert_eq!(record["eventSource"], "aws:dynamodb");
    assert_eq!(record["eventVersion"], "1.1");
    let written = &record["dynamodb"];
    assert_eq!(written["Keys"], json!({ "id": { "S": "7" } }));
    assert_eq!(written["NewImage"], json!({ "id": { "S": "7" } }));
    assert_eq!(written["StreamViewType"], "NEW_IMAGE");
    assert!(written["SequenceNumber"].is_string() && written["SizeBytes"].is_number());
    assert!(written["ApproximateCreationDateTime"].is_number());
}

#[tokio::test]
async fn a_batch_is_handed_over_again_from_the_lowest_record_that_failed() {
    let stack = Stack::start().await;
    stack.put(0..4).await;
    let mut pump = stack.pump();
    stack.function.names(&[3, 1]);
    stack.function.names(&[0]);
    assert_eq!(pump.turn(soon()).await.unwrap(), Turn::Failed);
    assert_eq!(pump.turn(soon()).await.unwrap(), Turn::Failed);
    assert_eq!(pump.turn(soon()).await.unwrap(), Turn::Delivered);
    assert_eq!(stack.function.batches(), ["0 1 2 3", "1 2 3", "1 2 3"]);
}

#[tokio::test]
async fn an_error_of_the_function_fails_the_whole_batch_and_is_retried_without_an_end() {
    let stack = Stack::start().await;
    stack.put(0..2).await;
    let mut pump = stack.pump();
    for _ in 0..20 {
        let error = || {
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                json!({ "errorType": "E" }),
            )
        };
        stack.function.answers(move |_| error());
        assert_eq!(pump.turn(soon()).await.unwrap(), Turn::Failed);
    }
    assert_eq!(pump.turn(soon()).await.unwrap(), Turn::Delivered);
    assert_eq!(stack.function.batches(), vec!["0 1"; 21]);
}

#[tokio::test]
async fn a_record_that_is_too_old_is_given_up_and_told_of_without_its_content() {
    let stack = Stack::start().await;
    stack.put(0..3).await;
    let mut pump = stack.pump();
    stack.function.names(&[0]);
    let written = soon();
    assert_eq!(pump.turn(written + 43_190).await.unwrap(), Turn::Failed);
    let Turn::Discarded(document) = pump.turn(written + 43_202).await.unwrap() else {
        panic!("the records are too old");
    };
    assert_eq!(document["requestContext"]["condition"], "RecordAgeExceeded");
    assert_eq!(document["requestContext"]["approximateInvokeCount"], 1);
    let numbers = stack.engine.stream("MailsTable").unwrap();
    let numbers = numbers.read(None, 10).unwrap();
    let batch = &document["DDBStreamBatchInfo"];
    assert_eq!(batch["startSequenceNumber"], event::number(&numbers[0]));
    assert_eq!(batch["endSequenceNumber"], event::number(&numbers[2]));
    assert_eq!(batch["batchSize"], 3);
    assert!(!document.to_string().contains("\"id\""));
    assert_eq!(stack.function.batches(), ["0 1 2"]);
    // Nothing stands in the way of what comes after.
    stack.put([3]).await;
    assert_eq!(pump.turn(soon()).await.unwrap(), Turn::Delivered);
    assert_eq!(stack.function.batches(), ["0 1 2", "3"]);
}

#[tokio::test]
async fn a_restart_hands_over_again_only_what_was_not_done() {
    let stack = Stack::start().await;
    stack.put(0..3).await;
    stack.function.names(&[1]);
    assert_eq!(stack.pump().turn(soon()).await.unwrap(), Turn::Failed);
    assert_eq!(stack.pump().turn(soon()).await.unwrap(), Turn::Delivered);
    assert_eq!(stack.pump().turn(soon()).await.unwrap(), Turn::Idle);
    assert_eq!(stack.function.batches(), ["0 1 2", "1 2"]);
}

#[tokio::test]
async fn the_position_in_another_stream_counts_for_nothing() {
    let stack = Stack::start().await;
    // Its record has the lower number, so that the position of the other would hide it.
    let fresh = Engine::start_of(&Template::parse(TEMPLATE)).await.unwrap();
    put(&fresh, [9]).await;
    stack.put(0..3).await;
    assert_eq!(stack.pump().turn(soon()).await.unwrap(), Turn::Delivered);
    let mut pump = stack.pump_of(&fresh);
    assert_eq!(pump.turn(soon()).await.unwrap(), Turn::Delivered);
    assert_eq!(stack.function.batches(), ["0 1 2", "9"]);
}

#[tokio::test]
async fn a_table_without_a_stream_has_none() {
    let engine = Engine::start().await.unwrap();
    assert!(engine.stream("UsersTable").is_err());
}

#[test]
fn the_wait_after_a_failure_doubles_up_to_a_bound() {
    let waits = [1, 2, 3, 6, 100].map(|failures| wait(failures).as_secs());
    assert_eq!(waits, [1, 2, 4, 30, 30]);
}
