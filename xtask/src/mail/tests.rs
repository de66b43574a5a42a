//! From a row of a table to the inbox, through a function.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use local::environment;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

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
        Binary: sender
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

const SEND: &str = r#"{
    "FromEmailAddress": "a@example.com",
    "Destination": { "ToAddresses": ["ada@example.com"] },
    "Content": { "Simple": {
        "Subject": { "Data": "Your code" },
        "Body": { "Text": { "Data": "http://localhost:9000/reset-password?ticket=t or 1234 5678" } }
    } }
}"#;

/// The default of the parameter `MailFrom` where a variable is chosen, or none.
fn sender(chosen: Option<&str>) -> String {
    let chosen = chosen.map(|value| (VARIABLE.to_owned(), value.to_owned()));
    let all = with_sender(chosen.into_iter().collect());
    environment::template(&all).parameters()["MailFrom"].clone()
}

#[test]
fn there_is_a_sender_unless_another_or_none_is_chosen() {
    assert_eq!(sender(None), SENDER);
    assert_eq!(sender(Some("a@example.com")), "a@example.com");
    assert_eq!(sender(Some("")), "");
}

#[test]
fn the_sender_is_one_that_the_template_allows() {
    let pattern = Template::load().parameter("MailFrom", "AllowedPattern");
    let pattern = regex_lite::Regex::new(&pattern.unwrap()).unwrap();
    assert!(pattern.is_match(SENDER));
}

#[test]
fn a_mail_on_the_terminal_has_its_links_and_codes() {
    let mail = Mail {
        id: String::new(),
        at: 0,
        from: "a@example.com".to_owned(),
        to: vec!["ada@example.com".to_owned()],
        copies: Vec::new(),
        reply_to: Vec::new(),
        subject: "Your code".to_owned(),
        text: Some("Open http://localhost:9000/a?b=c or type 1234 5678.".to_owned()),
        html: None,
        headers: Vec::new(),
        configuration_set: None,
    };
    let expected = "mail to ada@example.com: Your code
  http://localhost:9000/a?b=c
  code 12345678";
    assert_eq!(report(&mail), expected);
}

/// A function that answers each invocation with null, and the requests that it got.
async fn function() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = requests.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let request = read(&mut stream).await;
            let answer = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 4\r\n\r\nnull";
            stream.write_all(answer.as_bytes()).await.unwrap();
            kept.lock().unwrap().push(request);
        }
    });
    (url, requests)
}

/// A request whose body is an object and ends with the last brace.
async fn read(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !request.ends_with(b"]}") {
        let length = stream.read(&mut part).await.unwrap();
        assert!(length > 0, "the request ends early");
        request.extend_from_slice(&part[..length]);
    }
    String::from_utf8(request).unwrap()
}

#[tokio::test]
async fn a_row_reaches_its_function_once_and_a_mail_the_inbox() {
    let template = Template::parse(TEMPLATE);
    let engine = Arc::new(Engine::start_of(&template).await.unwrap());
    let (lambda_url, requests) = function().await;
    let data = Arc::new(tempfile::tempdir().unwrap());
    let row = AttributeValue::S("reset#1".to_owned());
    let put = engine.client().put_item().table_name("MailsTable");
    put.item("id", row).send().await.unwrap();

    // The second start finds the position of the first.
    for _ in 0..2 {
        let post = Post::at(Listener::bind(0).await.unwrap());
        let url = post.url();
        let (engine, lambda_url) = (engine.clone(), lambda_url.clone());
        let (mappings, data) = (template.mappings(), data.clone());
        let served = tokio::spawn(async move {
            post.serve(mappings, &engine, &lambda_url, data.path())
                .await
                .unwrap();
        });
        let http = reqwest::Client::new();
        let send = http.post(format!("{url}/v2/email/outbound-emails"));
        let send = send
            .header("authorization", "AWS4-HMAC-SHA256 x")
            .body(SEND);
        assert_eq!(send.send().await.unwrap().status(), 200);
        let list = reqwest::get(&url).await.unwrap().text().await.unwrap();
        assert!(list.contains("Your code"), "{list}");
        // Longer than two looks at the stream.
        tokio::time::sleep(Duration::from_millis(600)).await;
        served.abort();
        let _ = served.await;
    }
    let requests = requests.lock().unwrap();
    let [request] = requests.as_slice() else {
        panic!(
            "the row was handed over once and not {} times",
            requests.len()
        );
    };
    assert!(request.starts_with("POST /2015-03-31/functions/sender/invocations "));
    assert!(request.contains(r#""Keys":{"id":{"S":"reset#1"}}"#));
}
