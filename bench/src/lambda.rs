//! Lambda's side of its Runtime API, as far as a function sees it, and a function's process behind it.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

use crate::Error;

/// The time after which a function that has not answered never will.
const PATIENCE: Duration = Duration::from_secs(20);

/// An execution environment: one process of a function, which is handed one event after the other.
pub(super) struct Environment {
    process: Child,
    events: mpsc::Sender<String>,
    messages: mpsc::Receiver<Message>,
    api: JoinHandle<std::io::Result<()>>,
    /// From the start of the process until it asked for its first event.
    pub(super) init: Duration,
}

/// The messages of a function to Lambda.
enum Message {
    Ready(Instant),
    Answer(Instant, Bytes),
    Failure(Bytes),
}

struct Api {
    events: Mutex<mpsc::Receiver<String>>,
    messages: mpsc::Sender<Message>,
}

impl Environment {
    /// Starts a function with these variables and nothing else, and waits until it asks for an event.
    pub(super) async fn start(
        binary: &Path,
        variables: &[(String, String)],
    ) -> Result<Self, Error> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (events, taken) = mpsc::channel(1);
        let (sender, mut messages) = mpsc::channel(8);
        let state = Arc::new(Api {
            events: Mutex::new(taken),
            messages: sender,
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failure))
            .route("/2018-06-01/runtime/init/error", post(failure))
            .with_state(state);
        let api = tokio::spawn(async move { axum::serve(listener, router).await });
        let mut function = Command::new(binary);
        function
            .env_clear()
            .envs(variables.iter().cloned())
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        let start = Instant::now();
        let process = function.spawn()?;
        let init = match tokio::time::timeout(PATIENCE, messages.recv()).await? {
            Some(Message::Ready(at)) => at.duration_since(start),
            _ => return Err(format!("{} did not start", binary.display()).into()),
        };
        Ok(Self {
            process,
            events,
            messages,
            api,
            init,
        })
    }

    /// Hands it an event, and waits for the answer and for it to ask for the next event.
    pub(super) async fn invoke(&mut self, event: &str) -> Result<(Duration, Value), Error> {
        let start = Instant::now();
        self.events.send(event.to_owned()).await?;
        let message = tokio::time::timeout(PATIENCE, self.messages.recv()).await?;
        let (took, body) = match message.ok_or("the function ended")? {
            Message::Answer(at, body) => (at.duration_since(start), body),
            Message::Failure(body) => {
                return Err(format!("it failed: {}", String::from_utf8_lossy(&body)).into());
            }
            Message::Ready(_) => return Err("it asked for an event while it had one".into()),
        };
        tokio::time::timeout(PATIENCE, self.messages.recv()).await?;
        Ok((took, serde_json::from_slice(&body)?))
    }

    /// The process, while it runs.
    pub(super) fn id(&self) -> Result<u32, Error> {
        Ok(self.process.id().ok_or("the function has ended")?)
    }

    pub(super) async fn end(mut self) -> Result<(), Error> {
        self.process.kill().await?;
        self.api.abort();
        Ok(())
    }
}

async fn next(State(api): State<Arc<Api>>) -> impl IntoResponse {
    let now = Instant::now();
    let mut events = api.events.lock().await;
    // The receiver may be gone already.
    let _ = api.messages.send(Message::Ready(now)).await;
    let event = events.recv().await.unwrap_or_default();
    let headers = [
        ("content-type", "application/json".to_owned()),
        (
            "lambda-runtime-aws-request-id",
            uuid::Uuid::new_v4().to_string(),
        ),
        ("lambda-runtime-deadline-ms", u64::MAX.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:000000000000:function:bench".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-00000000-000000000000000000000000".to_owned(),
        ),
    ];
    (headers, event)
}

async fn answer(State(api): State<Arc<Api>>, body: Bytes) -> StatusCode {
    let _ = api
        .messages
        .send(Message::Answer(Instant::now(), body))
        .await;
    StatusCode::ACCEPTED
}

async fn failure(State(api): State<Arc<Api>>, body: Bytes) -> StatusCode {
    let _ = api.messages.send(Message::Failure(body)).await;
    StatusCode::ACCEPTED
}
