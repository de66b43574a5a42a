//! The mails of the local stack: Amazon SES with an inbox at the next port, and what hands the streams of tables to functions.

use std::path::Path;

use local::Template;
use local::engine::Engine;
use local::environment::Variable;
use local::gateway::Listener;
use local::inbox::{Inbox, Mail};
use local::pump::Pump;
use local::template::Mapping;
use tokio::task::JoinSet;

use crate::Error;

/// Of the AWS SDK, for its client of SES.
pub(crate) const ENDPOINT: &str = "AWS_ENDPOINT_URL_SESV2";

/// The variable that names the sender. Where it is empty, no mail is sent.
const VARIABLE: &str = "MAIL_FROM";

/// The sender where none is chosen. Nothing leaves this machine, and the domain is nobody's (RFC 2606 §2).
const SENDER: &str = "Latchkey <no-reply@latchkey.example>";

/// The chosen variables, before which there is a sender: of two, the last one counts.
pub(crate) fn with_sender(chosen: Vec<Variable>) -> Vec<Variable> {
    let sender = (VARIABLE.to_owned(), SENDER.to_owned());
    [vec![sender], chosen].concat()
}

/// Amazon SES on this machine, which does not answer yet.
pub(crate) struct Post {
    listener: Listener,
}

impl Post {
    pub(crate) fn at(listener: Listener) -> Self {
        Self { listener }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.listener.port())
    }

    /// Takes mails and hands over the streams of these mappings, until something fails.
    pub(crate) async fn serve(
        self,
        mappings: Vec<Mapping>,
        engine: &Engine,
        lambda_url: &str,
        data: &Path,
    ) -> Result<(), Error> {
        let inbox = Inbox::new(|mail| println!("{}", report(mail)));
        let mut tasks = JoinSet::new();
        for mapping in mappings {
            let stream = engine.stream(&mapping.table)?;
            let position = data.join(format!("{}.position", mapping.table));
            let pump = Pump::new(stream, mapping, lambda_url, &position)?;
            tasks.spawn(pump.run(|document| println!("gave up records of a stream: {document}")));
        }
        let router = inbox.router();
        tasks.spawn(async { Ok(self.listener.serve_router(router).await?) });
        match tasks.join_next().await {
            Some(ended) => ended?,
            None => Ok(()),
        }
    }
}

/// Serves, or waits for ever where there is nothing to serve.
pub(crate) async fn serve(
    post: Option<Post>,
    template: &Template,
    engine: &Engine,
    lambda_url: &str,
    data: &Path,
) -> Result<(), Error> {
    match post {
        Some(post) => {
            let mappings = template.mappings();
            post.serve(mappings, engine, lambda_url, data).await
        }
        None => std::future::pending().await,
    }
}

/// A mail on the terminal, with its links and codes.
fn report(mail: &Mail) -> String {
    let mut lines = format!("mail to {}: {}", mail.to.join(", "), mail.subject);
    for link in mail.links() {
        lines += &format!("\n  {link}");
    }
    for code in mail.codes() {
        lines += &format!("\n  code {code}");
    }
    lines
}

#[cfg(test)]
mod tests;
