//! The events as they come from API Gateway, through the functions as they are.

use std::path::{Path, PathBuf};

use local::{Template, workspace};
use serde_json::Value;
use tokio::process::Command;

use crate::Error;
use crate::terminal::{heading, output};

/// Every event, with the status that it is answered with on an empty stack, or whether it is authorized. Whoever logs
/// in has registered before.
const EVENTS: [(&str, &str); 27] = [
    ("register", "201"),
    ("login", "200"),
    ("login-form", "200"),
    ("refresh", "401"),
    ("logout", "204"),
    ("protected", "401"),
    ("account", "401"),
    ("rename", "401"),
    ("delete-account", "401"),
    ("password", "401"),
    ("sessions", "401"),
    ("other-sessions", "401"),
    ("session", "401"),
    ("admin", "401"),
    ("user", "401"),
    ("user-status", "401"),
    ("delete-user", "401"),
    ("roles", "401"),
    ("user-sessions", "401"),
    ("introspect", "401"),
    ("revoke", "200"),
    ("discovery", "200"),
    ("jwks", "200"),
    ("openid-configuration", "200"),
    ("openapi", "200"),
    ("authorizer", "false"),
    ("rotate-keys", "1"),
];

/// Invokes the functions of the stack that has its data in that directory.
pub(super) async fn run(cargo_lambda: &Path, data: &str) -> Result<(), Error> {
    heading("The events");
    let port = port(data)?;
    for (name, expected) in EVENTS {
        let function = function(name)?;
        let mut invoke = Command::new(cargo_lambda);
        invoke.args([
            "lambda",
            "invoke",
            &function,
            "--invoke-address",
            "127.0.0.1",
            "--invoke-port",
        ]);
        invoke
            .arg(&port)
            .args(["--output-format", "json", "--data-file"])
            .arg(file(name));
        let answer: Value = serde_json::from_str(&output(&mut invoke).await?)?;
        let outcome = ["statusCode", "isAuthorized", "version"];
        let outcome = outcome.iter().find_map(|member| answer.get(member));
        if outcome.map(Value::to_string).as_deref() != Some(expected) {
            return Err(format!(
                "{function} answered events/{name}.json with {answer}, and not with {expected}"
            )
            .into());
        }
        println!("{name}: {function} answered {expected}");
    }
    Ok(())
}

/// The port of `cargo lambda watch`.
fn port(data: &str) -> Result<String, Error> {
    let file = workspace().join(data).join("stack.json");
    let stack: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let url = stack["lambda"].as_str();
    let port = url.and_then(|url| url.rsplit(':').next());
    Ok(port
        .ok_or("stack.json says where the functions are")?
        .to_owned())
}

/// The function that the template has for the event's route; another API's route is a question to the authorizer, and
/// only one function has a schedule.
fn function(event: &str) -> Result<String, Error> {
    let event: Value = serde_json::from_str(&std::fs::read_to_string(file(event))?)?;
    if event["type"] == "REQUEST" {
        return Ok("authorizer".to_owned());
    }
    if event["source"] == "aws.events" {
        return Ok("rotate-keys".to_owned());
    }
    let key = event["routeKey"].as_str().ok_or("an event has a route")?;
    let route = Template::load()
        .routes()
        .into_iter()
        .find(|route| format!("{} {}", route.method, route.path) == key);
    Ok(route
        .ok_or_else(|| format!("the template has no route {key}"))?
        .function)
}

fn file(event: &str) -> PathBuf {
    workspace().join(format!("events/{event}.json"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_event_is_run() {
        let files = std::fs::read_dir(workspace().join("events")).unwrap();
        let files: BTreeSet<_> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        let run = EVENTS
            .map(|(name, _)| format!("{name}.json"))
            .into_iter()
            .collect();
        assert_eq!(files, run);
    }
}
