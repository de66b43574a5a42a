//! The page of `examples/browser` in Chromium, from an origin that the API allows and from one that it does not.

use std::net::TcpListener;

use local::workspace;

use crate::terminal::{execute, heading};
use crate::{Error, chromium, tools};

/// A directory that screenshots are written to, where it is given.
const SCREENSHOTS: &str = "LATCHKEY_SCREENSHOTS";

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

/// Has Chromium use the API at a URL, which allows one of the origins.
pub(crate) async fn check(url: &str, origins: &Origins) -> Result<(), Error> {
    heading("The journey of a browser");
    let chromium = chromium::executable().await?;
    let mut journey = tools::browser_client().await?.command("journey.mjs");
    journey
        .arg(chromium)
        .arg(workspace().join("examples/browser"))
        .args([url, &origins.allowed, &origins.denied])
        .args(std::env::var_os(SCREENSHOTS));
    execute(&mut journey).await
}
