//! The page of `examples/browser` in Chromium, from an origin that the API allows and from one that it does not, and the pages that mails
//! lead to.

use std::ffi::OsString;
use std::net::TcpListener;
use std::path::Path;

use local::workspace;
use tokio::process::Command;

use crate::terminal::{execute, heading, output};
use crate::{Error, chromium, tools};

/// The directory that screenshots are written to, where it is given.
pub(crate) fn screenshots() -> Option<OsString> {
    std::env::var_os("LATCHKEY_SCREENSHOTS")
}

/// Where the page is served.
pub(crate) struct Origins {
    /// The one that the API must be told to allow.
    pub(crate) allowed: String,
    denied: String,
}

impl Origins {
    /// Of two free ports.
    pub(crate) fn free() -> Result<Self, Error> {
        // Both are held until both are known, or they could be one.
        let listeners = [
            TcpListener::bind("127.0.0.1:0")?,
            TcpListener::bind("127.0.0.1:0")?,
        ];
        let [allowed, denied] = listeners.map(|listener| {
            let address = listener.local_addr();
            address.map(|address| format!("http://localhost:{}", address.port()))
        });
        Ok(Self {
            allowed: allowed?,
            denied: denied?,
        })
    }
}

/// A stack that sends mails, as a browser finds it.
pub(crate) struct Mailed<'a> {
    /// Where the API is.
    pub(crate) url: &'a str,
    /// Where its issuer says that it is.
    pub(crate) issuer: &'a str,
    /// The inbox of the mail server.
    pub(crate) inbox: &'a str,
    /// The mode of registration: `open` or `confirmed`.
    pub(crate) mode: &'a str,
    /// The directory of the issuer's certificate.
    pub(crate) certificate: &'a Path,
    /// An administrator: username and password.
    pub(crate) administrator: &'a str,
}

/// Has people open the links that they are mailed in Chromium, with script and without, and says in how many requests.
pub(crate) async fn check_mails(mailed: &Mailed<'_>) -> Result<usize, Error> {
    heading("The links in mails, in a browser");
    let chromium = chromium::executable().await?;
    let mut journey = tools::browser_client().await?.command("mail.mjs");
    journey
        .arg(chromium)
        .args([mailed.url, mailed.issuer, mailed.inbox, mailed.mode])
        .arg(mailed.certificate)
        .arg(mailed.administrator)
        .args(screenshots());
    let report = output(&mut journey).await?;
    println!("{}", report.trim());
    Ok(requests(&report).iter().sum())
}

/// The numbers of requests that the journeys of a report took.
pub(crate) fn requests(report: &str) -> Vec<usize> {
    // The test runner may have begun the line.
    let counts = report.split("the journey took ").skip(1);
    let numbers = counts.filter_map(|count| count.split(' ').next());
    numbers.filter_map(|number| number.parse().ok()).collect()
}

/// Has Chromium use the API at a URL, which allows one of the origins.
pub(crate) async fn check(url: &str, origins: &Origins) -> Result<(), Error> {
    heading("The journey of a browser");
    let mut journey = example("journey.mjs", url).await?;
    journey
        .args([&origins.allowed, &origins.denied])
        .args(screenshots());
    execute(&mut journey).await
}

/// Has somebody enrol an app and a passkey, sign in by each of them, and step up. A sign-in is fresh for so many seconds.
pub(crate) async fn check_factors(
    url: &str,
    origins: &Origins,
    fresh_for: &str,
) -> Result<(), Error> {
    heading("More than a password, in a browser");
    let mut journey = example("factors.mjs", url).await?;
    journey
        .args([origins.allowed.as_str(), fresh_for])
        .args(screenshots());
    execute(&mut journey).await
}

/// Has somebody sign up where everybody must have a second factor.
pub(crate) async fn check_first_factor(url: &str, origins: &Origins) -> Result<(), Error> {
    heading("The first factor, in a browser");
    let mut journey = example("first_factor.mjs", url).await?;
    journey.arg(&origins.allowed).args(screenshots());
    execute(&mut journey).await
}

/// Has the API take and refuse the answers of passkeys.
pub(crate) async fn check_passkeys(url: &str, origins: &Origins) -> Result<(), Error> {
    heading("The answers of passkeys");
    let mut answers = example("passkeys.mjs", url).await?;
    answers.args([&origins.allowed, &origins.denied]);
    execute(&mut answers).await
}

/// Runs the JavaScript of docs/second-factor.md: where a second factor is a choice and a sign-in is fresh for so many seconds,
/// or where everybody must have one.
pub(crate) async fn check_guide(
    url: &str,
    origins: &Origins,
    fresh_for: Option<&str>,
) -> Result<(), Error> {
    heading("The functions of docs/second-factor.md");
    let mut guide = example("guide.mjs", url).await?;
    guide
        .arg(&origins.allowed)
        .arg(workspace().join("docs/second-factor.md"))
        .args(fresh_for);
    execute(&mut guide).await
}

/// A script that serves `examples/browser` for the API at a URL, and opens it in Chromium.
async fn example(script: &str, url: &str) -> Result<Command, Error> {
    let chromium = chromium::executable().await?;
    let mut command = tools::browser_client().await?.command(script);
    command
        .arg(chromium)
        .arg(workspace().join("examples/browser"))
        .arg(url);
    Ok(command)
}
