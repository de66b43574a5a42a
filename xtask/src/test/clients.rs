//! Services that verify tokens with what others wrote, and know nothing of this repository.

use local::workspace;
use tokio::process::Command;

use crate::Error;
use crate::node::NodeModules;
use crate::terminal::{execute, heading};
use crate::tools;
use crate::venv::Tools;

/// The services, ready to be started.
pub(super) struct Clients {
    python: Tools,
    node: NodeModules,
}

impl Clients {
    pub(super) async fn install() -> Result<Self, Error> {
        Ok(Self {
            python: tools::python_clients().await?,
            node: tools::node_clients().await?,
        })
    }

    /// Has the issuer's document read by a validator.
    pub(super) async fn read_document(&self, issuer: &str) -> Result<(), Error> {
        heading("The OpenAPI document");
        let script = workspace().join("xtask/clients/openapi_document.py");
        execute(self.python.command("python").arg(script).arg(issuer)).await
    }

    /// Has requests made up from the issuer's document, by operation, and their answers held to it. The administrator is
    /// `USERNAME:PASSWORD`.
    pub(super) async fn explore(&self, issuer: &str, administrator: &str) -> Result<(), Error> {
        heading("Requests made up from the OpenAPI document");
        let mut explore = self.python.command("schemathesis");
        explore
            .args(["--config-file", "xtask/clients/schemathesis.toml", "run"])
            .arg(format!("{issuer}/openapi.json"))
            .current_dir(workspace())
            .env("LATCHKEY_ADMINISTRATOR", administrator)
            .env("PYTHONPATH", "xtask/clients")
            .env("SCHEMATHESIS_HOOKS", "schemathesis_hooks");
        execute(&mut explore).await
    }

    /// Has each sign somebody in at this issuer, and verify the tokens.
    pub(super) async fn run(&self, issuer: &str, algorithm: &str) -> Result<(), Error> {
        heading(&format!("Services that verify {algorithm} tokens"));
        for service in ["pyjwt_service.py", "flask_service.py"] {
            let script = workspace().join("xtask/clients").join(service);
            let mut python = self.python.command("python");
            finish(python.arg(script), issuer, algorithm).await?;
        }
        finish(&mut self.node.command("services.mjs"), issuer, algorithm).await
    }
}

async fn finish(service: &mut Command, issuer: &str, algorithm: &str) -> Result<(), Error> {
    execute(service.args([issuer, algorithm])).await
}
