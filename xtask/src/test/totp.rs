//! The codes and the QR codes of authenticator apps, held to what others wrote.

use std::path::PathBuf;

use local::workspace;
use tokio::process::Command;

use crate::terminal::{execute, heading};
use crate::venv::Tools;
use crate::{Error, tools};

/// Where the QR codes are written to.
const SAMPLES: &str = "target/test/qr-codes";

/// oathtool, and the libraries of an authenticator app that is written in Python.
pub(super) struct Authenticators {
    oathtool: PathBuf,
    python: Tools,
}

impl Authenticators {
    pub(super) async fn install() -> Result<Self, Error> {
        Ok(Self {
            oathtool: tools::oathtool().await?,
            python: tools::authenticators().await?,
        })
    }

    /// Compares codes, and reads QR codes of names that no account has today.
    pub(super) async fn check(&self) -> Result<(), Error> {
        heading("Codes and QR codes of authenticator apps");
        let codes = example("check_totp_codes").await?;
        execute(self.script("codes.py").arg(&self.oathtool).arg(codes)).await?;
        let samples = workspace().join(SAMPLES);
        // An old one would be read as well.
        if samples.exists() {
            std::fs::remove_dir_all(&samples)?;
        }
        let writer = example("write_qr_codes").await?;
        execute(Command::new(writer).arg(&samples)).await?;
        execute(self.script("samples.py").arg(samples)).await
    }

    /// Has somebody enrol an authenticator by the QR code that this issuer shows, and sign in with its codes.
    pub(super) async fn sign_in(&self, issuer: &str) -> Result<(), Error> {
        heading("Somebody signs in with an authenticator app");
        execute(self.script("sign_in.py").arg(issuer)).await
    }

    fn script(&self, name: &str) -> Command {
        let mut python = self.python.command("python");
        python.arg(workspace().join("xtask/clients/totp").join(name));
        python
    }
}

async fn example(name: &str) -> Result<PathBuf, Error> {
    let mut build = tools::cargo();
    // By --workspace it has the features, and so the build, of the tests.
    build.args(["build", "--locked", "--workspace", "--example", name]);
    execute(&mut build).await?;
    Ok(tools::examples()?.join(name))
}
