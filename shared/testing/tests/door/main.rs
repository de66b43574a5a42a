//! Events as they come from outside, through the door of every function, and the line that the log
//! has of each.

#![cfg(test)]

mod climbing;
mod deadline;
mod edge;
mod generated;
mod hostile;
mod made_up;
mod methods;
mod table;

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, Once, PoisonError};

use api::Log;
use lambda_http::Context;
use local::functions::{Function, Started};
use serde_json::Value;
use serde_json::value::RawValue;
use testing::Stack;

/// The lines of each invocation, by its id.
static LINES: LazyLock<Mutex<HashMap<String, Vec<Value>>>> = LazyLock::new(Mutex::default);

static LOG: Once = Once::new();

/// A function that has started.
pub(crate) fn started(name: &str, stack: &Stack) -> Started {
    let function = Function::named(name).start(&stack.environment());
    function.unwrap()
}

/// The outcome of an invocation.
pub(crate) struct Outcome {
    pub(crate) answer: Result<Value, String>,
    pub(crate) line: Value,
}

impl Outcome {
    /// The status that the gateway would answer with.
    pub(crate) fn status(&self) -> u64 {
        let answer = self.answer.as_ref().unwrap();
        answer["statusCode"].as_u64().unwrap()
    }

    /// The body, which is JSON.
    pub(crate) fn body(&self) -> Value {
        let answer = self.answer.as_ref().unwrap();
        serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
    }
}

/// Invokes a function with the text of an event, without a deadline.
pub(crate) async fn invoke(function: &Started, event: &str) -> Outcome {
    invoke_until(function, event, 0).await
}

/// Invokes a function, in an invocation that ends at that many milliseconds since 1970. The log has
/// one line of it.
pub(crate) async fn invoke_until(function: &Started, event: &str, deadline: u64) -> Outcome {
    LOG.call_once(|| {
        Log::install("everything", "test", |line| {
            assert_eq!(line.lines().count(), 1, "{line}");
            let line: Value = serde_json::from_str(&line).unwrap();
            let id = line["function_request_id"].as_str().unwrap().to_owned();
            let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
            lines.entry(id).or_default().push(line);
        });
    });
    let event = RawValue::from_string(event.to_owned()).unwrap();
    let mut invocation = Context::default();
    invocation.request_id = uuid::Uuid::new_v4().to_string();
    invocation.deadline = deadline;
    let answer = function.invoke(&event, invocation.clone()).await;
    let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    let mut lines = lines.remove(&invocation.request_id).unwrap_or_default();
    assert_eq!(lines.len(), 1, "one line of {event}");
    let line = lines.remove(0);
    if let Ok(answer) = &answer
        && let Some(status) = answer.get("statusCode")
    {
        assert_eq!(&line["status"], status, "{line}");
    }
    Outcome { answer, line }
}
