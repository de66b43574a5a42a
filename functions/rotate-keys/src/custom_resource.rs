//! CloudFormation's request to a custom resource, and the answer that it waits for.

use std::time::Duration;

use api::chain;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::error;

use crate::Error;

/// The resource is the ring, of which a stack has one, whatever becomes of the properties. Another id
/// would have CloudFormation delete the old one.
const PHYSICAL_ID: &str = "key-ring";

/// The time that CloudFormation may take to receive an answer.
const ANSWERING: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Request {
    request_type: String,
    #[serde(rename = "ResponseURL")]
    response_url: String,
    stack_id: String,
    request_id: String,
    logical_resource_id: String,
}

impl Request {
    pub(crate) fn parse(event: Value) -> Result<Self, Error> {
        serde_json::from_value(event).map_err(|_| Error::Request)
    }

    pub(crate) fn deletes(&self) -> bool {
        self.request_type == "Delete"
    }

    /// Tells CloudFormation, which waits for it, what has come of its request.
    pub(crate) async fn answer(
        &self,
        http: &reqwest::Client,
        outcome: Result<(), Error>,
    ) -> Result<(), Error> {
        let reason = match outcome {
            Ok(()) => "the key ring is in order".to_owned(),
            Err(error) => error.to_string(),
        };
        let body = json!({
            "Status": if outcome.is_ok() { "SUCCESS" } else { "FAILED" },
            "Reason": reason,
            "PhysicalResourceId": PHYSICAL_ID,
            "StackId": self.stack_id,
            "RequestId": self.request_id,
            "LogicalResourceId": self.logical_resource_id,
        });
        let sent = http
            .put(&self.response_url)
            // The URL is signed for a request without a content type.
            .header(CONTENT_TYPE, "")
            .timeout(ANSWERING)
            .body(body.to_string())
            .send()
            .await
            .and_then(reqwest::Response::error_for_status);
        sent.map(drop).map_err(|failure| {
            // The URL is a permission, so that it is not for the log.
            error!(
                "the answer did not reach CloudFormation: {}",
                chain(&failure.without_url())
            );
            Error::Untold
        })
    }
}
