//! `cargo xtask deploy-test`: an artefact, and then the source, is deployed as a user deploys it, to an emulator of AWS that enforces IAM,
//! and used by the same journey as the local stack.

mod cloud;
mod edge;
mod entropy;

use std::path::PathBuf;

use clap::Args;
use local::workspace;

use crate::browser::{self, Origins};
use crate::maildev::MailDev;
use crate::ministack::MiniStack;
use crate::terminal::heading;
use crate::{Error, package, sam, tools};
use cloud::{Cloud, STACK, Source, UNMAILED};

/// The parameters of the second deployment beside its domain name, which is not its issuer: addresses are proven before accounts are made,
/// and changed at once.
const CONFIRMED: [&str; 5] = [
    "IssuerUrl=https://login.example.com",
    "MailFrom=\"Latchkey <noreply@example.com>\"",
    "RegistrationMode=confirmed",
    "EmailChangeDelay=0",
    "MfaBurst=20",
];

/// Those of the third, with which every condition of the template has been either way, and the next login hashes its password anew. What is
/// not named stays.
const CHANGES: [&str; 10] = [
    "AlarmAddress=operator@example.com",
    "Argon2Iterations=3",
    "EmailChangeDelay=72",
    "IssuerUrl=\"\"",
    "MfaRequired=off",
    "PasskeyRpId=example.com",
    "PasswordConcurrency=5",
    "PermissionsBoundary=arn:aws:iam::aws:policy/PowerUserAccess",
    "RegistrationMode=open",
    "TracingMode=Active",
];

/// The issuers of the two.
const ISSUERS: [&str; 2] = ["https://login.example.com", "https://auth.example.com"];

/// The origin of a page that may use the third deployment.
const ORIGIN: &str = "https://app.example.com";

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Options {
    /// Also take each statement out of its policy, one at a time, and see that the journey fails
    #[arg(long)]
    statements: bool,
    /// Optimise the functions as a deployment does, which takes some minutes more
    #[arg(long)]
    release: bool,
    /// Leave out the page in a browser, where there is none for the processor
    #[arg(long)]
    no_browser: bool,
    /// Deploy this artefact, the archive that `package` made, and make none
    #[arg(long, value_name = "FILE")]
    artefact: Option<PathBuf>,
}

pub(crate) async fn run(options: Options) -> Result<(), Error> {
    sam::check(sam::TEMPLATE.as_ref()).await?;
    let archive = match &options.artefact {
        Some(archive) => archive.canonicalize()?,
        None => package::make(sam::Architecture::host(), options.release).await?,
    };
    let artefact = cloud::unpack(&archive).await?;
    for template in ["template.yaml", "retained.yaml"] {
        sam::check(&artefact.join(template)).await?;
    }
    sam::build(options.release).await?;
    entropy::check(options.release)?;
    let python = tools::python_clients().await?;
    heading("An AWS on this machine, with IAM enforced");
    let temporary = workspace().join("target/test/deploy");
    if temporary.exists() {
        std::fs::remove_dir_all(&temporary)?;
    }
    let mails = MailDev::start(&temporary.join("mails")).await?;
    let aws = MiniStack::enforcing(&temporary, &mails.smtp()).await?;
    println!(
        "MiniStack listens on {}, and the inbox is {}",
        aws.url(),
        mails.inbox()
    );
    let cloud = Cloud::new(python, &aws, &mails, artefact);
    let outcome = prove(&cloud, &options).await;
    aws.end().await?;
    outcome?;
    heading("The deployment is proven");
    Ok(())
}

async fn prove(cloud: &Cloud, options: &Options) -> Result<(), Error> {
    heading("Parameters out of their bounds, or against a rule");
    cloud.script("parameters", &[sam::TEMPLATE]).await?;

    heading("Deploying the artefact");
    cloud.deploy(Source::Artefact, &[]).await?;
    heading("The routes and CORS, from the processed template");
    let url = cloud.routes().await?;
    cloud.script("cors", &[STACK]).await?;
    heading("The first administrator, and the keys, by the operator's command");
    cloud.operate().await?;
    heading("What the template becomes, against the rules of others");
    cloud.lint().await?;
    heading("What every role may do, and who the issuer is");
    cloud.script("shared_policies", &[STACK]).await?;
    cloud.script("domain", &[STACK]).await?;
    let mut requests = cloud.journey(&url, &UNMAILED, None).await?;

    heading("Deploying what SAM built over it, with mail and another issuer");
    cloud.script("mails", &[]).await?;
    let domain = cloud.domain().await?;
    let domain: Vec<_> = domain.lines().collect();
    cloud
        .deploy(Source::Built, &[&CONFIRMED[..], &domain].concat())
        .await?;
    cloud.script("domain", &[STACK]).await?;
    requests += cloud.journey(&url, &cloud::CONFIRMED, None).await?;
    if !options.no_browser {
        requests += cloud.browse(&url, ISSUERS[0], "confirmed").await?;
    }

    heading("Deploying again, for people who all need a second factor");
    let everybody = [&CONFIRMED[..], &["MfaRequired=all"], &domain].concat();
    cloud.deploy(Source::Built, &everybody).await?;
    requests += cloud.journey(&url, &cloud::ENROLLING, None).await?;

    heading("Deploying again, with other parameters");
    let origins = Origins::free()?;
    let allowed = format!("CorsAllowOrigins={},{ORIGIN}", origins.allowed);
    let passkeys = format!("PasskeyOrigins={ORIGIN}");
    let changes = [&CHANGES[..], &[&allowed, &passkeys], &domain].concat();
    cloud.deploy(Source::Built, &changes).await?;
    heading("What every role may do, and who the issuer is");
    cloud.script("shared_policies", &[STACK]).await?;
    cloud.script("domain", &[STACK]).await?;
    heading("CORS, from the processed template");
    cloud.script("cors", &[STACK]).await?;
    cloud.script("mails", &[STACK]).await?;
    requests += cloud.journey(&url, &cloud::OPEN, Some(ORIGIN)).await?;
    heading("The functions without a route");
    cloud.invoke(&url).await?;

    heading("Permissions: granted and used");
    cloud.permissions().await?;
    // Afterwards, for it asks in the name of roles of its own.
    heading("What every role may have the KMS key open");
    cloud.script("purposes", &[STACK]).await?;
    heading("The log");
    cloud
        .script("logs", &[STACK, &requests.to_string()])
        .await?;
    if !options.no_browser {
        cloud.browse(&url, ISSUERS[1], "open").await?;
        browser::check(&url, &origins).await?;
    }
    if options.statements {
        heading("Each statement of each policy, left out");
        cloud.statements(&url).await?;
    }

    edge::prove(cloud, &url, &changes).await?;

    heading("The role for deploying");
    cloud.script("rights", &[STACK]).await?;

    heading("Deleting the stack");
    cloud.delete().await?;
    cloud.script("remains", &[STACK]).await
}
