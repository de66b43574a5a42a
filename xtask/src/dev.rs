//! `cargo xtask dev`: the whole API on this machine.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::types::AttributeValue;
use clap::Args;
use local::engine::Engine;
use local::gateway::{Cors, Functions, Gateway, Site, Watch};
use local::{Template, environment, ring, workspace};

use crate::mail::{self, Post};
use crate::stack::{self, Stack};
use crate::terminal::{execute, heading};
use crate::venv::Lock;
use crate::{Error, listeners, passkeys, tools};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The port of loopback to listen on
    #[arg(long, default_value_t = 9000)]
    port: u16,
    /// Let pages of this origin call the API, as CorsAllowOrigins does on AWS; may be repeated
    #[arg(long = "cors", value_name = "ORIGIN")]
    origins: Vec<String>,
    /// Optimise the functions
    #[arg(long)]
    release: bool,
    /// Start without users, sessions and keys
    #[arg(long)]
    fresh: bool,
    /// Leave the functions alone when a file below functions/ or shared/ changes
    #[arg(long)]
    no_reload: bool,
    /// The number of requests that each function handles at a time, each in a process of its own
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    concurrency: u16,
    /// Sign with the private key in this PEM file
    #[arg(long, value_name = "FILE.pem")]
    signing_key: Option<PathBuf>,
    /// Set a variable of the functions; may be repeated
    #[arg(long = "env", value_name = "KEY=VALUE", value_parser = environment::variable)]
    variables: Vec<environment::Variable>,
    /// Where the data last [default: target/dev]
    #[arg(long, value_name = "DIRECTORY")]
    data: Option<PathBuf>,
}

/// Runs until it is interrupted, or until something fails.
pub(crate) async fn run(options: Options) -> Result<(), Error> {
    // Refuses wrong options before anything is built.
    environment::check(&options.variables)?;
    let cors = Cors::of(&Template::load(), &options.origins)?;
    let chosen = mail::with_sender(options.variables);
    let template = environment::template(&chosen);
    let sends_mail = !template.mappings().is_empty();
    let (listener, inbox) = listeners::bind(options.port, sends_mail).await?;
    let post = inbox.map(Post::at);
    let signing_key = options.signing_key.as_deref().map(readable).transpose()?;
    let data = options
        .data
        .unwrap_or_else(|| workspace().join("target/dev"));
    let _lock = Lock::try_take(&data)?.ok_or("another `cargo xtask dev` runs on the same data")?;

    heading("Building the functions");
    // Side by side: the one waits for the network, the other computes.
    let (cargo_lambda, ()) = tokio::try_join!(tools::cargo_lambda(), build(options.release))?;

    heading("Starting");
    let data = prepare(&data, options.fresh)?;
    let sealing_key = data.join("sealing.key");
    let engine = Engine::open(&data.join("dynamodb.db"), &template).await?;
    let url = format!("http://localhost:{}", listener.port());
    let chosen = passkeys::with_relying_party(chosen, &url, &options.origins);
    let invoke_port = free_port()?;
    let invoke_url = format!("http://127.0.0.1:{invoke_port}");
    let mut variables =
        environment::of_functions(&template, &url, engine.url(), &sealing_key, &chosen);
    if let Some(post) = &post {
        variables.insert(mail::ENDPOINT.to_owned(), post.url());
    }
    let _stack_file = StackFile::write(&data, engine.url(), &invoke_url, &variables)?;
    let ring = engine.environment(&variables);
    ring::establish(&ring, &sealing_key, signing_key.as_deref()).await?;
    let open = variables["REGISTRATION_MODE"] == "open";
    let relying_party = passkeys::report(&variables, &options.origins);
    let mut stack = Stack::start(&stack::Options {
        cargo_lambda,
        port: invoke_port,
        release: options.release,
        reload: !options.no_reload,
        concurrency: options.concurrency,
        environment: variables,
    })?;
    stack.warm(&invoke_url).await?;

    let gateway = gateway(cors, listener.port());
    println!("\n`cargo lambda invoke` finds the functions by `-A 127.0.0.1 -P {invoke_port}`");
    if let Some(post) = &post {
        println!("The mails that it sends are at {}", post.url());
    }
    println!("{relying_party}");
    println!("Latchkey is listening on {url}");
    println!("{}", first_request(&engine, &url, open).await?);
    let served = listener.serve(gateway, functions(&invoke_url));
    tokio::select! {
        ended = served => Ok(ended?),
        ended = stack.ended() => ended,
        ended = mail::serve(post, &template, &engine, &invoke_url, &data) => ended,
    }
}

/// API Gateway, in front of `cargo lambda watch`.
fn gateway(cors: Option<Cors>, port: u16) -> Gateway {
    let site = Site {
        domain_name: "localhost".to_owned(),
        scheme: "http",
        port,
    };
    Gateway::of(&Template::load(), cors, site)
}

fn functions(invoke_url: &str) -> Functions {
    let functions = Template::with_mail().functions().into_iter();
    Functions::Watched(Watch::at(
        invoke_url,
        functions.map(|function| function.name),
    ))
}

/// The file by which the command `latchkey`, and a client that invokes a function, find the running local stack.
struct StackFile(PathBuf);

impl StackFile {
    fn write(
        data: &Path,
        engine: &str,
        lambda: &str,
        variables: &BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        let file = data.join("stack.json");
        let stack = serde_json::json!({
            "dynamodb": engine,
            "version": env!("CARGO_PKG_VERSION"),
            "lambda": lambda,
            "parameters": {
                "SigningAlgorithm": variables["SIGNING_ALGORITHM"],
                "KeyRotationDays": variables["KEY_ROTATION_DAYS"],
                "SessionLifetime": variables["SESSION_LIFETIME"],
                "MinPasswordLength": variables["MIN_PASSWORD_LENGTH"],
                "Roles": variables["ROLES"],
                "MfaRequired": variables["MFA_REQUIRED"],
                "PasswordWords": variables["PASSWORD_WORDS"],
                "MailFrom": variables.get("MAIL_FROM").map_or("", String::as_str),
                "IssuerUrl": variables["ISSUER_URL"],
            },
            "ses": variables.get(mail::ENDPOINT),
        });
        std::fs::write(&file, stack.to_string())?;
        Ok(Self(file))
    }
}

impl Drop for StackFile {
    fn drop(&mut self) {
        // Without it, or with an old one, the command says that no stack runs.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// With the selection of `cargo lambda watch`, the default members of the workspace: what is built here is what it runs.
async fn build(release: bool) -> Result<(), Error> {
    let mut build = tools::cargo();
    build.arg("build");
    for function in Template::with_mail().functions() {
        build.args(["--bin", &function.name]);
    }
    if release {
        build.arg("--release");
    }
    execute(&mut build).await
}

fn free_port() -> Result<u16, Error> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn readable(file: &Path) -> Result<PathBuf, Error> {
    file.canonicalize()
        .map_err(|error| format!("{}: {error}", file.display()).into())
}

/// The functions do not run where the caller stands, so that every path must be absolute.
fn prepare(data: &Path, fresh: bool) -> Result<PathBuf, Error> {
    if fresh {
        for file in [
            "dynamodb.db",
            "dynamodb.db-shm",
            "dynamodb.db-wal",
            "sealing.key",
        ] {
            match std::fs::remove_file(data.join(file)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error.into());
                }
                _ => {}
            }
        }
    }
    std::fs::create_dir_all(data)?;
    Ok(data.canonicalize()?)
}

/// A curl line that works: also when yesterday's Ada is there still, and when nobody may register.
async fn first_request(engine: &Engine, url: &str, open: bool) -> Result<String, Error> {
    let ada = AttributeValue::S("ada".to_owned());
    let ada = engine
        .client()
        .get_item()
        .table_name("LoginsTable")
        .key("name", ada)
        .send()
        .await?;
    let path = match (ada.item(), open) {
        (Some(_), _) => "login",
        (None, true) => "register",
        (None, false) => return Ok(format!("curl {url}/")),
    };
    let body = r#"{"username": "ada", "password": "correct horse battery staple"}"#;
    Ok(format!(
        "curl {url}/{path} -H 'Content-Type: application/json' -d '{body}'"
    ))
}
