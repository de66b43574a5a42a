//! Between the SDK and the engine: counts the calls, and breaks those that a test wants broken.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

/// A fault that a call meets.
#[derive(Clone, Debug)]
pub enum Fault {
    /// None: this call comes before the one that is to be broken.
    Spared,
    /// The engine does its work, and the connection breaks before the answer arrives.
    LostAnswer,
    /// The connection breaks before the call arrives.
    NoConnection,
    /// The answer never comes.
    Silence,
    /// DynamoDB refuses with this status and error code.
    Refused(u16, &'static str),
    /// A transaction is cancelled with this reason for its first item.
    Canceled(&'static str),
    /// A transaction is cancelled with this reason for its item of that index.
    CanceledAt(usize, &'static str),
    /// A batch is answered with nothing done of it.
    Unprocessed,
}

/// One call as it went out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sent {
    /// The operation, of DynamoDB but for `SendEmail`, which is of SES.
    pub operation: String,
    /// The permissions on tables that the call needs: an IAM action and its table, with the pattern of the
    /// keys where the items of the table are told apart by their keys, as in
    /// [`local::template::Function::policies`].
    pub uses: BTreeSet<(String, String)>,
    /// Which step it is of: a call that begins while another is under way is of the same.
    pub step: usize,
}

/// The wire of a client. Clones are the same wire.
#[derive(Clone, Debug)]
pub struct Wire {
    inner: SharedHttpClient,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    sent: Vec<Sent>,
    step: usize,
    under_way: usize,
    faults: VecDeque<(String, Fault)>,
}

impl Default for Wire {
    fn default() -> Self {
        let inner = aws_smithy_http_client::Builder::new().build_http();
        Self {
            inner,
            state: Arc::default(),
        }
    }
}

impl Wire {
    /// Breaks the next `times` calls of this operation. Retries of the SDK are calls too.
    pub fn fail(&self, operation: &str, fault: &Fault, times: usize) {
        let faults = std::iter::repeat_n((operation.to_owned(), fault.clone()), times);
        self.state().faults.extend(faults);
    }

    /// Removes the remaining faults.
    pub fn mend(&self) {
        self.state().faults.clear();
    }

    /// Takes the calls that have gone out since this was last asked.
    pub fn take(&self) -> Vec<Sent> {
        let mut state = self.state();
        state.step = 0;
        std::mem::take(&mut state.sent)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, request: &HttpRequest) -> (Option<Fault>, UnderWay) {
        let operation = operation(request);
        let body = request.body().bytes().unwrap_or_default();
        let body = serde_json::from_slice(body).unwrap_or(Value::Null);
        let mut state = self.state();
        let fault = state
            .faults
            .iter()
            .position(|(named, _)| *named == operation);
        let fault = fault
            .and_then(|index| state.faults.remove(index))
            .map(|(_, fault)| fault);
        let uses = uses(&operation, &body);
        if state.under_way == 0 {
            state.step += 1;
        }
        state.under_way += 1;
        let step = state.step;
        state.sent.push(Sent {
            operation,
            uses,
            step,
        });
        (fault, UnderWay(self.clone()))
    }
}

/// A call whose answer is awaited.
struct UnderWay(Wire);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.state().under_way -= 1;
    }
}

/// The operation: DynamoDB's and KMS's are in a header, that of SES is the path.
fn operation(request: &HttpRequest) -> String {
    if request.uri().ends_with("/v2/email/outbound-emails") {
        return "SendEmail".to_owned();
    }
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    target.rsplit('.').next().unwrap_or_default().to_owned()
}

/// IAM authorises a transaction by the actions of its items.
fn uses(operation: &str, body: &Value) -> BTreeSet<(String, String)> {
    match operation {
        "TransactWriteItems" => {
            let items = body["TransactItems"].as_array().into_iter().flatten();
            let actions = items.filter_map(Value::as_object).flatten();
            actions
                .map(|(kind, item)| match kind.as_str() {
                    "ConditionCheck" => used("ConditionCheckItem", item),
                    kind => used(&format!("{kind}Item"), item),
                })
                .collect()
        }
        "BatchGetItem" | "BatchWriteItem" => {
            let tables = body["RequestItems"].as_object().into_iter().flatten();
            tables
                .map(|(table, _)| used(operation, &json!({ "TableName": table })))
                .collect()
        }
        "SendEmail" => BTreeSet::new(),
        _ => BTreeSet::from([used(operation, body)]),
    }
}

/// The table to whose items rights are given by their partition keys.
const BY_KEY: &str = "MailsTable";

/// The rights that an action on an item needs.
fn used(action: &str, request: &Value) -> (String, String) {
    let table = request["TableName"].as_str().unwrap_or_default();
    let ids = ["Key", "Item"].map(|member| request[member]["id"]["S"].as_str());
    let mut ids = ids.into_iter().flatten().filter(|_| table == BY_KEY);
    let kind = ids.find_map(|id| id.split_once('#'));
    let target = match kind {
        Some((kind, _)) => format!("{table} {kind}#*"),
        None => table.to_owned(),
    };
    (format!("dynamodb:{action}"), target)
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector {
            inner,
            wire: self.clone(),
        })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    wire: Wire,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (fault, under_way) = self.wire.send(&request);
        let answer = self.answer(request, fault.as_ref());
        HttpConnectorFuture::new(async move {
            let answer = answer.await;
            drop(under_way);
            answer
        })
    }
}

impl Connector {
    fn answer(&self, request: HttpRequest, fault: Option<&Fault>) -> HttpConnectorFuture {
        match fault {
            None | Some(Fault::Spared) => self.inner.call(request),
            Some(Fault::LostAnswer) => {
                let answer = self.inner.call(request);
                HttpConnectorFuture::new(async move {
                    answer.await?;
                    Err(broken())
                })
            }
            Some(Fault::NoConnection) => HttpConnectorFuture::ready(Err(broken())),
            Some(Fault::Silence) => HttpConnectorFuture::new(std::future::pending()),
            Some(Fault::Refused(status, code)) => answer(*status, &json!({ "__type": kind(code) })),
            Some(Fault::Canceled(reason)) => canceled(0, reason),
            Some(Fault::CanceledAt(index, reason)) => canceled(*index, reason),
            Some(Fault::Unprocessed) => {
                let body = request.body().bytes().unwrap_or_default();
                let body: Value = serde_json::from_slice(body).unwrap_or_default();
                let keys = &body["RequestItems"];
                answer(200, &json!({ "Responses": {}, "UnprocessedKeys": keys }))
            }
        }
    }
}

fn kind(code: &str) -> String {
    format!("com.amazonaws.dynamodb.v20120810#{code}")
}

fn canceled(index: usize, reason: &str) -> HttpConnectorFuture {
    let mut reasons = vec![json!({ "Code": "None" }); index];
    reasons.push(json!({ "Code": reason }));
    answer(
        400,
        &json!({
            "__type": kind("TransactionCanceledException"),
            "CancellationReasons": reasons,
        }),
    )
}

fn broken() -> ConnectorError {
    ConnectorError::io("the connection was broken by the test".into())
}

fn answer(status: u16, body: &Value) -> HttpConnectorFuture {
    let status = StatusCode::try_from(status).expect("a fault has a valid status");
    let mut response = HttpResponse::new(status, SdkBody::from(body.to_string()));
    response
        .headers_mut()
        .insert("content-type", "application/x-amz-json-1.0");
    HttpConnectorFuture::ready(Ok(response))
}
