//! An inbox on loopback, with the client of the AWS SDK before it.

mod newest;
mod pages;
mod refusals;

use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader};
use aws_smithy_types::retry::RetryConfig;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::*;
use crate::engine::CREDENTIALS;
use crate::gateway::Listener;

struct Served {
    inbox: Inbox,
    url: String,
}

impl Served {
    async fn start() -> Self {
        Self::of(Inbox::new(|_| {})).await
    }

    async fn of(inbox: Inbox) -> Self {
        let listener = Listener::bind(0).await.unwrap();
        let url = format!("http://127.0.0.1:{}", listener.port());
        tokio::spawn(listener.serve_router(inbox.router()));
        Self { inbox, url }
    }

    /// A client that tries once.
    fn client(&self) -> Client {
        let [(_, region), (_, id), (_, secret)] = CREDENTIALS;
        let config = aws_sdk_sesv2::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(Credentials::new(id, secret, None, None, "local"))
            .retry_config(RetryConfig::disabled())
            .endpoint_url(&self.url)
            .build();
        Client::from_conf(config)
    }

    fn send(&self) -> SendEmailFluentBuilder {
        let content = |text: &str| Content::builder().charset("UTF-8").data(text).build();
        let body = Body::builder()
            .text(content("Grüße: http://localhost:9000/a?ticket=b_1.\nCode 1234 5678\n").unwrap())
            .html(content(HTML).unwrap());
        let header = MessageHeader::builder()
            .name("Auto-Submitted")
            .value("auto-generated");
        let message = Message::builder()
            .subject(content("Prüfe <b>das</b>").unwrap())
            .body(body.build())
            .headers(header.build().unwrap());
        let content = EmailContent::builder().simple(message.build());
        self.client()
            .send_email()
            .from_email_address("Latchkey <no-reply@example.com>")
            .destination(
                Destination::builder()
                    .to_addresses("ada@example.com")
                    .build(),
            )
            .reply_to_addresses("help@example.com")
            .configuration_set_name("mails")
            .content(content.build())
    }

    async fn refusal(&self) -> SendEmailError {
        self.send().send().await.unwrap_err().into_service_error()
    }

    /// The answer to a signed request with this body.
    async fn answer(&self, body: &Value) -> (StatusCode, String) {
        let request = self
            .post(body)
            .header("authorization", "AWS4-HMAC-SHA256 x");
        let answer = request.send().await.unwrap();
        let name = answer.headers().get("x-amzn-errortype");
        let name = name.map(|name| name.to_str().unwrap().to_owned());
        (answer.status(), name.unwrap_or_default())
    }

    fn post(&self, body: &Value) -> reqwest::RequestBuilder {
        let url = format!("{}/v2/email/outbound-emails", self.url);
        reqwest::Client::new().post(url).body(body.to_string())
    }

    async fn get(&self, path: &str) -> (StatusCode, reqwest::header::HeaderMap, String) {
        let answer = reqwest::get(format!("{}{path}", self.url)).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        (status, headers, answer.text().await.unwrap())
    }
}

const HTML: &str =
    "<!DOCTYPE html><html><head><title>x</title></head><body><p>Hi</p></body></html>";

fn body() -> Value {
    json!({
        "FromEmailAddress": "a@example.com",
        "Destination": { "ToAddresses": ["b@example.com"] },
        "Content": { "Simple": {
            "Subject": { "Data": "s" },
            "Body": { "Text": { "Data": "t" } },
            "Headers": [],
        } },
    })
}

#[tokio::test]
async fn a_mail_of_the_sdk_is_kept_as_it_was_sent_and_acknowledged_by_its_id() {
    let served = Served::start().await;
    let sent = served.send().send().await.unwrap();
    let mails = served.inbox.mails();
    let [mail] = mails.as_slice() else {
        panic!("there is one mail");
    };
    assert_eq!(sent.message_id(), Some(mail.id.as_str()));
    assert_eq!(mail.from, "Latchkey <no-reply@example.com>");
    assert_eq!(mail.to, ["ada@example.com"]);
    assert_eq!(mail.reply_to, ["help@example.com"]);
    assert_eq!(mail.subject, "Prüfe <b>das</b>");
    assert_eq!(mail.html.as_deref(), Some(HTML));
    let header = ("Auto-Submitted".to_owned(), "auto-generated".to_owned());
    assert_eq!(mail.headers, [header]);
    assert_eq!(mail.configuration_set.as_deref(), Some("mails"));
    assert_eq!(mail.links(), ["http://localhost:9000/a?ticket=b_1"]);
    assert_eq!(mail.codes(), ["12345678"]);
}

#[tokio::test]
async fn a_mail_whose_answer_is_lost_was_sent() {
    let served = Served::start().await;
    let lost = Verdict::KeepAndAnswer(Refusal::InternalFailure);
    served.inbox.decide(move |_| lost.clone());
    let (status, name) = served.answer(&body()).await;
    assert_eq!((status.as_u16(), name.as_str()), (500, "InternalFailure"));
    assert_eq!(served.inbox.mails().len(), 1);
}

#[tokio::test]
async fn one_mail_can_be_refused_among_others() {
    let served = Served::start().await;
    served.inbox.decide(|mail| match mail.to.as_slice() {
        [to] if to == "b@example.com" => Verdict::Keep,
        _ => Verdict::Refuse(Refusal::MessageRejected("no".to_owned())),
    });
    let mut other = body();
    other["Destination"]["ToAddresses"][0] = json!("c@example.com");
    assert_eq!(served.answer(&other).await.1, "MessageRejected");
    assert_eq!(served.answer(&body()).await.0, StatusCode::OK);
    assert_eq!(served.inbox.mails().len(), 1);
}

#[tokio::test]
async fn a_request_that_breaks_a_documented_rule_is_a_bad_request() {
    let served = Served::start().await;
    let header = |name: &str, value: &str| json!([{ "Name": name, "Value": value }]);
    let simple = "/Content/Simple";
    let mut others = Vec::new();
    for (place, value) in [
        ("/Destination/ToAddresses".to_owned(), json!([])),
        (
            "/Destination/ToAddresses".to_owned(),
            json!(vec!["b@example.com"; 51]),
        ),
        ("/Destination/ToAddresses".to_owned(), json!(["b"])),
        ("/FromEmailAddress".to_owned(), json!("a")),
        ("/FromEmailAddress".to_owned(), json!(null)),
        ("/Content".to_owned(), json!({ "Raw": { "Data": "eA==" } })),
        (format!("{simple}/Body"), json!({})),
        (format!("{simple}/Subject"), json!({})),
        (format!("{simple}/Headers"), header("a:b", "c")),
        (format!("{simple}/Headers"), header("", "c")),
        (format!("{simple}/Headers"), header("a", "")),
        (
            format!("{simple}/Headers"),
            header("a", "b\r\nBcc: c@example.com"),
        ),
        (format!("{simple}/Headers"), header("a", "é")),
        (format!("{simple}/Headers"), header("a", &"b".repeat(871))),
        (format!("{simple}/Headers"), header(&"a".repeat(127), "b")),
        (
            format!("{simple}/Headers"),
            json!(vec![json!({ "Name": "a", "Value": "b" }); 16]),
        ),
    ] {
        let mut body = body();
        *body.pointer_mut(&place).unwrap() = value.clone();
        let found = served.answer(&body).await;
        if found != (StatusCode::BAD_REQUEST, "BadRequestException".to_owned()) {
            others.push(format!("{place}: {value}"));
        }
    }
    assert_eq!(others, Vec::<String>::new());
    assert_eq!(
        served.answer(&json!("text")).await.0,
        StatusCode::BAD_REQUEST
    );
    assert!(served.inbox.mails().is_empty());
}

#[tokio::test]
async fn the_longest_that_is_allowed_is_kept() {
    let served = Served::start().await;
    let mut body = body();
    body["Destination"]["ToAddresses"] = json!(vec!["b@example.com"; 50]);
    let header = json!({ "Name": "a".repeat(126), "Value": "b".repeat(870) });
    body["Content"]["Simple"]["Headers"] = json!(vec![header; 15]);
    assert_eq!(served.answer(&body).await.0, StatusCode::OK);
    assert_eq!(served.inbox.mails()[0].headers.len(), 15);
}

#[tokio::test]
async fn a_request_without_a_signature_puts_nothing_into_the_inbox() {
    let served = Served::start().await;
    let answer = served.post(&body()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        answer.headers()["x-amzn-errortype"],
        "MissingAuthenticationToken"
    );
    assert!(served.inbox.mails().is_empty());
}

#[tokio::test]
async fn there_is_no_other_operation() {
    let served = Served::start().await;
    let (status, _, _) = served.get("/v2/email/identities").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _, _) = served.get("/v2/email/outbound-emails").await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn each_mail_that_is_kept_is_reported_once() {
    static REPORTED: AtomicUsize = AtomicUsize::new(0);
    let inbox = Inbox::new(|mail| {
        assert_eq!(mail.subject, "s");
        REPORTED.fetch_add(1, Ordering::SeqCst);
    });
    let served = Served::of(inbox).await;
    served.answer(&body()).await;
    served
        .inbox
        .decide(|_| Verdict::Refuse(Refusal::SendingPaused));
    served.answer(&body()).await;
    assert_eq!(REPORTED.load(Ordering::SeqCst), 1);
}

#[test]
fn the_oldest_makes_room() {
    let inbox = Inbox::new(|_| {});
    for number in 0..=MOST {
        let request: request::Request = serde_json::from_value(body()).unwrap();
        let mail = request.mail(u64::try_from(number).unwrap());
        inbox.keep(mail.unwrap_or_else(|_| panic!("a mail")));
    }
    let mails = inbox.mails();
    assert_eq!((mails.len(), mails[0].at), (MOST, 1));
}
