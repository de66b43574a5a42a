//! The event in, the answer to Lambda out.

use std::time::Duration;

use api::Handler;
use lambda_http::Context;
use local::Template;
use mailer::App;
use serde_json::json;
use serde_json::value::to_raw_value;
use testing::Stack;

#[tokio::test]
async fn a_row_that_is_worth_no_mail_any_more_is_done() {
    let stack = Stack::with_mail(&[]).await;
    let answer = stack.invoke("mailer", &testing::event("mailer")).await;
    assert_eq!(answer.unwrap(), json!({ "batchItemFailures": [] }));
    assert!(stack.wire.take().is_empty());
}

#[tokio::test]
async fn what_is_no_batch_of_a_stream_fails_without_a_word_of_it() {
    let stack = Stack::with_mail(&[]).await;
    for event in [
        json!({}),
        json!({ "Records": [{ "eventName": "ada@example.com" }] }),
    ] {
        let error = stack.invoke("mailer", &event).await.unwrap_err();
        assert_eq!(error, "the event is not a batch of a stream");
    }
}

#[tokio::test]
async fn a_wrong_variable_stops_it_with_a_sentence_that_names_it() {
    let stack = Stack::with_mail(&[]).await;
    for (variable, value, says) in [
        ("MAIL_FROM", "", "MAIL_FROM is empty."),
        (
            "MAIL_FROM",
            "Example",
            "MAIL_FROM must be an e-mail address, or a name and the address in angle brackets.",
        ),
        (
            "MAIL_REPLY_TO",
            "Example <a@example.com>",
            "MAIL_REPLY_TO must be an e-mail address in ASCII, like name@example.com.",
        ),
        (
            "MAIL_CONFIGURATION_SET",
            "",
            "MAIL_CONFIGURATION_SET is empty.",
        ),
        (
            "APP_URL",
            "http://app.example.com",
            "APP_URL must be an https URL without query or trailing slash, or empty.",
        ),
        (
            "APP_URL",
            "https://app.example.com/",
            "APP_URL must be an https URL without query or trailing slash, or empty.",
        ),
    ] {
        let environment = stack.environment_with(variable, Some(value));
        let error = App::new(&environment).err().expect(value);
        assert_eq!(error.to_string(), says);
    }
}

#[test]
fn it_has_the_time_for_a_batch_of_mails_that_all_wait_for_ses() {
    let mappings = Template::with_mail().mappings();
    let [mapping] = mappings.as_slice() else {
        panic!("one stream and not {}", mappings.len());
    };
    let batch = mailer::LIMIT * u32::try_from(mapping.batch_size).unwrap();
    // Beside the ring, KMS, and the half second that is kept for the log line.
    assert!(mapping.timeout >= batch + Duration::from_secs(20));
}

#[tokio::test]
async fn it_begins_to_send_nothing_that_it_has_no_time_to_finish() {
    let stack = Stack::with_mail(&[]).await;
    let mailbox = stack.mailbox().await;
    let app = App::new(&mailbox.environment()).unwrap();
    stack.order("ada@example.com").await;
    let event = to_raw_value(&mailbox.pump().waiting().unwrap()).unwrap();
    for (seconds, sent) in [(9, 0), (60, 1)] {
        let mut invocation = Context::default();
        invocation.deadline = (api::now() + seconds) * 1_000;
        let answer = api::invoke(&app, &event, &invocation).await.unwrap();
        assert_eq!(answer.is_complete(), sent == 1);
        assert_eq!(mailbox.inbox.mails().len(), sent);
    }
}
