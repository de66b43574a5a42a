//! The mails of a stack on AWS.
//!
//! The answers are those that AWS documents: no emulator has the list of suppressed addresses. The
//! mails go to the inbox of the local stack.

use std::process::Stdio;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use local::inbox::{Inbox, Refusal, Verdict};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::local::{Done, VERSION};

/// The part of AWS that the commands call.
#[derive(Clone)]
struct Cloud {
    inbox: Inbox,
    url: String,
    account: Arc<Mutex<Value>>,
    suppressed: Arc<Mutex<Vec<String>>>,
    sender: &'static str,
}

impl Cloud {
    async fn start(sender: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let cloud = Self {
            inbox: Inbox::new(|_| {}),
            url: format!("http://{}", listener.local_addr().unwrap()),
            account: Arc::new(Mutex::new(account(true, true))),
            suppressed: Arc::default(),
            sender,
        };
        let address = "/v2/email/suppression/addresses/{address}";
        let router = Router::new()
            .route("/", post(cloud_formation))
            .route("/v2/email/account", get(get_account))
            .route(address, get(get_suppressed).delete(delete_suppressed))
            .with_state(cloud.clone())
            .merge(cloud.inbox.router());
        tokio::spawn(async move { axum::serve(listener, router).await });
        cloud
    }

    async fn run(&self, arguments: &[&str]) -> Done {
        let output = Command::new(env!("CARGO_BIN_EXE_latchkey"))
            .args(["--stack", "mine"])
            .args(arguments)
            .env_remove("LATCHKEY_LOCAL")
            .env_remove("AWS_PROFILE")
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .stdin(Stdio::null())
            .output()
            .await
            .unwrap();
        Done {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html>
fn account(is_in_production: bool, may_send: bool) -> Value {
    json!({
        "ProductionAccessEnabled": is_in_production,
        "SendingEnabled": may_send,
        "EnforcementStatus": "HEALTHY",
    })
}

async fn get_account(State(cloud): State<Cloud>) -> Json<Value> {
    Json(cloud.account.lock().unwrap().clone())
}

/// <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetSuppressedDestination.html>
async fn get_suppressed(State(cloud): State<Cloud>, Path(address): Path<String>) -> Response {
    if !cloud.suppressed.lock().unwrap().contains(&address) {
        return not_suppressed();
    }
    let destination = json!({
        "EmailAddress": address,
        "Reason": "BOUNCE",
        "LastUpdateTime": 1_795_460_645.5,
    });
    Json(json!({ "SuppressedDestination": destination })).into_response()
}

/// <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeleteSuppressedDestination.html>
async fn delete_suppressed(State(cloud): State<Cloud>, Path(address): Path<String>) -> Response {
    let mut suppressed = cloud.suppressed.lock().unwrap();
    let before = suppressed.len();
    suppressed.retain(|other| *other != address);
    if suppressed.len() == before {
        return not_suppressed();
    }
    Json(json!({})).into_response()
}

fn not_suppressed() -> Response {
    let kind = [("x-amzn-errortype", "NotFoundException")];
    let message = json!({ "message": "The address is not on the suppression list" });
    (StatusCode::NOT_FOUND, kind, Json(message)).into_response()
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html>
async fn cloud_formation(State(cloud): State<Cloud>, body: String) -> String {
    if body.contains("Action=DescribeStackResource") {
        return "<DescribeStackResourceResponse><DescribeStackResourceResult><StackResourceDetail>\
            <LogicalResourceId>MailConfigurationSet</LogicalResourceId>\
            <PhysicalResourceId>mine-mails</PhysicalResourceId>\
            <ResourceType>AWS::SES::ConfigurationSet</ResourceType>\
            <LastUpdatedTimestamp>2026-11-27T00:00:00Z</LastUpdatedTimestamp>\
            <ResourceStatus>CREATE_COMPLETE</ResourceStatus>\
            </StackResourceDetail></DescribeStackResourceResult></DescribeStackResourceResponse>"
            .to_owned();
    }
    let sender = cloud.sender.replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>\
        <StackName>mine</StackName><CreationTime>2026-11-27T00:00:00Z</CreationTime>\
        <StackStatus>CREATE_COMPLETE</StackStatus><Parameters><member>\
        <ParameterKey>MailFrom</ParameterKey><ParameterValue>{sender}</ParameterValue>\
        </member></Parameters><Outputs><member>\
        <OutputKey>Version</OutputKey><OutputValue>{VERSION}</OutputValue>\
        </member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_mail_goes_the_way_of_the_stack_and_the_limits_of_the_account_are_said() {
    let cloud = Cloud::start("noreply@example.com").await;
    let test = ["mail", "test", "ada@example.com"];
    let sandbox = "warning: Amazon SES is in its sandbox in this Region: ";
    let paused = "warning: Amazon SES has paused sending from this account\n";
    let said = "a mail to ada@example.com is sent\n";
    for (is_in_production, may_send) in [(true, true), (false, true), (true, false)] {
        *cloud.account.lock().unwrap() = account(is_in_production, may_send);
        let sent = cloud.run(&test).await;
        assert_eq!((sent.code, &*sent.out), (0, said), "{}", sent.err);
        assert_eq!(
            sent.err.starts_with(sandbox),
            !is_in_production,
            "{}",
            sent.err
        );
        assert_eq!(sent.err == paused, !may_send, "{}", sent.err);
    }
    let mails = cloud.inbox.mails();
    assert_eq!(mails.len(), 3);
    assert_eq!(mails[0].from, "noreply@example.com");
    assert_eq!(mails[0].configuration_set.as_deref(), Some("mine-mails"));

    *cloud.account.lock().unwrap() = account(false, true);
    let rejected = Refusal::MessageRejected("Email address is not verified".to_owned());
    cloud
        .inbox
        .decide(move |_| Verdict::Refuse(rejected.clone()));
    let refused = cloud.run(&test).await;
    assert_eq!((refused.code, &*refused.out), (1, ""));
    assert!(refused.err.starts_with(sandbox), "{}", refused.err);
    let says = "\nerror: Amazon SES refused the mail: Email address is not verified\n";
    assert!(refused.err.ends_with(says), "{}", refused.err);
    assert_eq!(cloud.inbox.mails().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_on_aws_without_mail_sends_none() {
    let cloud = Cloud::start("").await;
    let refused = cloud.run(&["mail", "test", "ada@example.com"]).await;
    let says = "error: the stack sends no mail: its parameter MailFrom is empty\n";
    assert_eq!((refused.code, &*refused.err), (1, says));
    assert!(cloud.inbox.mails().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_suppression_of_an_address_is_said_and_ended() {
    let cloud = Cloud::start("noreply@example.com").await;
    let address = "ada+a@example.com".to_owned();
    cloud.suppressed.lock().unwrap().push(address.clone());
    let asked = ["mail", "suppressed", &address, "--json"];
    let expected = json!({
        "address": address, "suppressed": true, "reason": "BOUNCE", "since": 1_795_460_645,
    });
    assert_eq!(cloud.run(&asked).await.json(), expected);
    let said = cloud.run(&asked[..3]).await.out;
    let says = "mails to ada+a@example.com are suppressed since 2026-11-23T19:04:05Z: BOUNCE\n";
    assert_eq!(said, says);
    for _ in 0..2 {
        let removed = cloud
            .run(&["mail", "suppressed", &address, "--remove"])
            .await;
        let says = "mails to ada+a@example.com are not suppressed\n";
        assert_eq!((removed.code, &*removed.out), (0, says), "{}", removed.err);
        let free = json!({
            "address": address, "suppressed": false, "reason": null, "since": null,
        });
        assert_eq!(cloud.run(&asked).await.json(), free);
    }
}
