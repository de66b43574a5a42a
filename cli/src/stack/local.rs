//! The local stack.

use std::collections::HashMap;
use std::net::TcpStream;
use std::path::Path;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::config::Credentials;
use serde::Deserialize;

use super::{At, Stack};
use crate::Error;

/// The file that `cargo xtask dev` writes while it runs.
#[derive(Deserialize)]
struct Local {
    dynamodb: String,
    parameters: HashMap<String, String>,
    version: Option<String>,
    ses: Option<String>,
}

/// The local stack that keeps its data in this directory.
pub(super) async fn open(directory: &Path) -> Result<Stack, Error> {
    let nothing = || {
        let directory = directory.display();
        format!(
            "no local stack runs on {directory}: start one with `cargo xtask dev`, or name an AWS stack with --stack"
        )
    };
    let text = std::fs::read(directory.join("stack.json")).map_err(|_| nothing())?;
    let Local {
        dynamodb,
        parameters,
        version,
        ses,
    } = serde_json::from_slice(&text)?;
    // The file of a stack that was killed is still there.
    let address = dynamodb.trim_start_matches("http://");
    TcpStream::connect(address).map_err(|_| nothing())?;
    let credentials = Credentials::new("local", "local", None, None, "local");
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(credentials)
        .endpoint_url(&dynamodb);
    Ok(Stack {
        config: config.load().await,
        at: At::Local {
            directory: directory.to_owned(),
            parameters,
            version,
            ses,
        },
    })
}
