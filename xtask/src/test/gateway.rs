//! An API of somebody else's, guarded by API Gateway with the tokens of the local stack.

use local::workspace;

use crate::ministack::MiniStack;
use crate::terminal::{execute, heading};
use crate::{Error, tools};

/// The API that is deployed there, and the command that appoints an administrator here.
const BINARIES: [&str; 3] = ["authorizer", "guarded-api", "latchkey"];

pub(super) async fn check(issuer: &str, data: &str) -> Result<(), Error> {
    let python = tools::python_clients().await?;
    heading("An API behind API Gateway's authorizers");
    let mut build = tools::cargo();
    build.args(["build", "--locked", "--workspace"]);
    for binary in BINARIES {
        build.args(["--bin", binary]);
    }
    execute(&mut build).await?;
    let aws = MiniStack::start().await?;
    let mut service = python.command("python");
    service
        .arg(workspace().join("xtask/clients/gateway_service.py"))
        .args([issuer, &aws.url()])
        .args([workspace().join("target/debug"), workspace().join(data)]);
    let outcome = execute(&mut service).await;
    aws.end().await?;
    outcome
}
