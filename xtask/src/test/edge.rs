//! The edge of examples/edge.

use local::workspace;

use crate::Error;
use crate::terminal::{execute, heading};
use crate::tools;

const TEMPLATE: &str = "examples/edge/template.yaml";

/// Runs its CloudFront Function, and holds its template to the rules that the product's own is held to.
pub(super) async fn check() -> Result<(), Error> {
    heading("The CloudFront Function of examples/edge");
    let node = tools::node_clients().await?;
    execute(node.command("edge.mjs").arg(workspace().join(TEMPLATE))).await?;
    let checkov = tools::checkov().await?;
    let mut check = checkov.command("checkov");
    check
        .arg("--config-file")
        .arg(workspace().join("xtask/deploy/checkov.yaml"));
    execute(check.arg("--file").arg(workspace().join(TEMPLATE))).await
}
