//! The events as they come from API Gateway, through the functions as they are.

use std::path::Path;

use local::openapi::{self, Access, success};
use local::{Template, event, events, workspace};
use serde_json::Value;
use tokio::process::Command;

use crate::Error;
use crate::terminal::{heading, output};

/// Invokes the functions of the stack that has its data in that directory.
pub(super) async fn run(cargo_lambda: &Path, data: &str) -> Result<(), Error> {
    heading("The events");
    let port = port(data)?;
    for name in names() {
        let event = event(&name);
        let (function, expected) = (function(&event)?, expected(&event)?);
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
            .arg(workspace().join(format!("events/{name}.json")));
        let answer: Value = serde_json::from_str(&output(&mut invoke).await?)?;
        let outcome = ["statusCode", "isAuthorized", "version", "batchItemFailures"];
        let outcome = outcome.iter().find_map(|member| answer.get(member));
        if outcome.map(Value::to_string).as_ref() != Some(&expected) {
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

/// The events in the order in which they are run: nobody can log in before they have registered.
fn names() -> Vec<String> {
    let mut names: Vec<_> = events().into_keys().collect();
    names.sort_by_key(|name| name != "register");
    names
}

/// The function that the template has for the event's route; another API's route is a question to the authorizer, and
/// only one function has a schedule, and one a stream.
fn function(event: &Value) -> Result<String, Error> {
    if event["type"] == "REQUEST" {
        return Ok("authorizer".to_owned());
    }
    if event["source"] == "aws.events" {
        return Ok("rotate-keys".to_owned());
    }
    if is_of_a_stream(event) {
        return Ok("mailer".to_owned());
    }
    let key = key(event)?;
    let route = Template::load()
        .routes()
        .into_iter()
        .find(|route| format!("{} {}", route.method, route.path) == key);
    Ok(route
        .ok_or_else(|| format!("the template has no route {key}"))?
        .function)
}

/// The answer to the event on an empty stack: its status, whether it is authorized, the version of the key ring, or the
/// records that failed. No token, ticket or passkey of an event is valid, and the row of the stream's is not worth a mail any more.
fn expected(event: &Value) -> Result<String, Error> {
    if event["type"] == "REQUEST" {
        return Ok("false".to_owned());
    }
    if event["source"] == "aws.events" {
        return Ok("1".to_owned());
    }
    if is_of_a_stream(event) {
        return Ok("[]".to_owned());
    }
    let is_for_anyone = event["headers"]["authorization"].is_null();
    if is_for_anyone && event.to_string().contains("_TICKET") {
        return Ok("404".to_owned());
    }
    let is_by_passkey = event["rawPath"] == "/login/passkey";
    if is_for_anyone && (is_by_passkey || event.to_string().contains("latchkey_mfa_TOKEN")) {
        return Ok("401".to_owned());
    }
    // The local stack registers people at once.
    if event["rawPath"] == "/signup" {
        return Ok("403".to_owned());
    }
    let (key, operations) = (key(event)?, openapi::operations());
    let operation = operations.get(key);
    let operation = operation.ok_or_else(|| format!("openapi.json has no {key}"))?;
    let status = match Access::of(operation) {
        Access::Anyone | Access::Either => success(operation),
        Access::RefreshToken | Access::Token | Access::Scope(_) => 401,
    };
    Ok(status.to_string())
}

fn is_of_a_stream(event: &Value) -> bool {
    event["Records"][0]["eventSource"] == "aws:dynamodb"
}

fn key(event: &Value) -> Result<&str, Error> {
    Ok(event["routeKey"].as_str().ok_or("an event has a route")?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_event_is_run() {
        let names = names();
        assert_eq!(names.len(), events().len());
        assert_eq!(names[0], "register");
        let called = names.iter().map(|name| function(&event(name)).unwrap());
        let functions = Template::with_mail().functions().into_iter();
        assert_eq!(
            called.collect::<BTreeSet<_>>(),
            functions.map(|function| function.name).collect()
        );
        let expected = |name: &str| expected(&event(name)).unwrap();
        assert_eq!(expected("register"), "201");
        assert_eq!(expected("logout"), "204");
        assert_eq!(expected("refresh"), "401");
        assert_eq!(expected("protected"), "401");
        assert_eq!(expected("admin"), "401");
        assert_eq!(expected("recover-head"), "200");
        assert_eq!(expected("reset-password-page"), "404");
        assert_eq!(expected("email-confirm"), "401");
        assert_eq!(expected("register-confirm"), "404");
        assert_eq!(expected("signup-page"), "403");
        assert_eq!(expected("authorizer"), "false");
        assert_eq!(expected("rotate-keys"), "1");
        assert_eq!(expected("mailer"), "[]");
    }
}
