//! AWS SAM: the templates are checked, and the functions built, as a user does both.

use std::env::consts::ARCH;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use local::{Template, environment, workspace};
use tokio::process::Command;

use crate::terminal::{execute, heading};
use crate::{Error, package, tools};

/// The product's own template.
pub(crate) const TEMPLATE: &str = "template.yaml";

/// The template that is nested in it: the alarms and the dashboard, without any transformation.
pub(crate) const OPERATIONS: &str = "operations.yaml";

/// Where the functions are built, and the template that names them.
const BUILD: &str = "target/sam";
pub(crate) const BUILT: &str = "target/sam/template.yaml";

/// The test proves the deployment and not the speed: the functions are built without optimisation, and without what would make the
/// artefacts large.
const QUICK: [(&str, &str); 3] = [
    ("SAM_BUILD_MODE", "debug"),
    ("CARGO_PROFILE_DEV_DEBUG", "false"),
    ("CARGO_PROFILE_DEV_STRIP", "symbols"),
];

/// Checks a template as it stands; what it becomes is another matter.
pub(crate) async fn check(template: &Path) -> Result<(), Error> {
    heading(&format!("Template {}", template.display()));
    let mut validate = command().await?;
    validate
        .args(["validate", "--lint", "--template"])
        .arg(template);
    // The region decides which resource types exist; nothing is asked of AWS.
    execute(validate.env("AWS_DEFAULT_REGION", "us-east-1")).await
}

/// Checks templates against the rules of others.
pub(crate) async fn lint(templates: &[PathBuf]) -> Result<(), Error> {
    let rules = workspace().join("xtask/deploy");
    let mut lint = tools::sam().await?.command("cfn-lint");
    lint.arg("--config-file").arg(rules.join("cfnlint.yaml"));
    execute(lint.arg("--template").args(templates)).await?;
    let mut check = tools::checkov().await?.command("checkov");
    check.arg("--config-file").arg(rules.join("checkov.yaml"));
    execute(check.arg("--file").args(templates)).await?;
    println!("no finding without a reason in {}", rules.display());
    Ok(())
}

/// A processor that Lambda has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Architecture {
    Arm64,
    #[value(name = "x86_64")]
    X86_64,
}

impl Architecture {
    /// That of this machine.
    pub(crate) fn host() -> Self {
        if ARCH == "aarch64" {
            Self::Arm64
        } else {
            Self::X86_64
        }
    }

    /// AWS's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }

    /// Rust's name of the system that functions run on.
    pub(crate) fn target(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64-unknown-linux-gnu",
            Self::X86_64 => "x86_64-unknown-linux-gnu",
        }
    }
}

/// Builds every function, for the processor of this machine, as a user does who has the source.
pub(crate) async fn build(release: bool) -> Result<(), Error> {
    heading("Building the functions by SAM");
    let cargo_lambda = tools::cargo_lambda().await?;
    let mut build = command().await?;
    build
        .args(["build", "--build-dir", BUILD, "--parameter-overrides"])
        .arg(format!("Architecture={}", Architecture::host().name()))
        // Zig is there too.
        .env("PATH", tools::path_with(&cargo_lambda)?);
    if !release {
        build.envs(QUICK);
    }
    execute(&mut build).await
}

/// Builds every function, and the operator's command, side by side: SAM builds one after the other.
pub(crate) async fn binaries(architecture: Architecture, release: bool) -> Result<(), Error> {
    heading("Building the functions and the command");
    let cargo_lambda = tools::cargo_lambda().await?;
    let mut build = tools::cargo();
    build
        .args([
            "lambda",
            "build",
            "--locked",
            "--target",
            architecture.target(),
        ])
        .env("PATH", tools::path_with(&cargo_lambda)?);
    for function in Template::with_mail().functions() {
        build.args(["--bin", &function.name]);
    }
    build.args(["--bin", package::COMMAND]);
    if release {
        build.arg("--release");
    } else {
        build.envs(QUICK);
    }
    execute(&mut build).await
}

/// `sam`, at the root of the workspace, and without what of the caller's own set-up would lead it elsewhere.
pub(crate) async fn command() -> Result<Command, Error> {
    let mut sam = tools::sam().await?.command("sam");
    sam.current_dir(workspace()).env("SAM_CLI_TELEMETRY", "0");
    for name in environment::FOREIGN {
        sam.env_remove(name);
    }
    Ok(sam)
}
