//! The smoke test of a deployment, against the local stack.

use local::workspace;
use tokio::process::Command;

use crate::Error;
use crate::terminal::{execute, heading};

pub(super) const SCRIPT: &str = "xtask/package/smoke.sh";

/// Has the script use the stack at that issuer, and ask for the rights of pages of an origin.
pub(super) async fn run(issuer: &str, origin: &str) -> Result<(), Error> {
    heading("The smoke test of a deployment");
    let mut smoke = Command::new("sh");
    smoke.arg(workspace().join(SCRIPT)).args([issuer, origin]);
    execute(&mut smoke).await
}
