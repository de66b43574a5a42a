//! The way of a mail: the stream of the table, the function `mailer`, and Amazon SES on this
//! machine.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use api::Environment;
use local::Template;
use local::engine::Engine;
use local::functions::Function;
use local::gateway::Listener;
use local::inbox::{Inbox, Mail};
use local::pump::{Pump, Turn};
use local::stream::Stream;
use local::template::Mapping;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::aws::environment_with_ses;
use crate::wire::Wire;

/// The attempts for one mail: a loaded machine may take longer than the function waits.
const ATTEMPTS: usize = 5;

/// The mailbox of everybody who gets mail from a stack.
pub struct Mailbox {
    /// Amazon SES. A test may have it refuse.
    pub inbox: Inbox,
    /// The wire that the function's calls pass through, to the engine and to SES.
    pub wire: Wire,
    engine: String,
    ses: String,
    stream: Stream,
    variables: HashMap<String, String>,
    kept: Arc<Mutex<Kept>>,
    collector: tokio::sync::Mutex<Option<Pump>>,
    files: TempDir,
    server: JoinHandle<std::io::Result<()>>,
}

/// The mails so far, each with the purpose of its row.
#[derive(Default)]
struct Kept {
    purpose: String,
    mails: Vec<Arc<KeptMail>>,
}

/// A mail that came.
pub(crate) struct KeptMail {
    pub(crate) purpose: String,
    pub(crate) to: Vec<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

impl Mailbox {
    pub(crate) async fn start(engine: &Engine, variables: &HashMap<String, String>) -> Self {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let keeper = Arc::clone(&kept);
        let inbox = Inbox::new(move |mail| lock(&keeper).keep(mail));
        let listener = Listener::bind(0).await.expect("a port of loopback");
        let ses = format!("http://127.0.0.1:{}", listener.port());
        let server = tokio::spawn(listener.serve_router(inbox.router()));
        Self {
            inbox,
            wire: Wire::default(),
            engine: engine.url().to_owned(),
            ses,
            stream: engine.stream("MailsTable").expect("the stack sends mail"),
            variables: variables.clone(),
            kept,
            collector: tokio::sync::Mutex::default(),
            files: tempfile::tempdir().expect("a directory"),
            server,
        }
    }

    /// The environment of `mailer`.
    pub fn environment(&self) -> Environment {
        environment_with_ses(&self.variables, &self.engine, &self.wire, self.ses.clone())
    }

    /// Hands the stream to a new environment of `mailer`, by the mapping of the template. It
    /// goes on where the one before it ended.
    ///
    /// # Panics
    ///
    /// If a variable is missing or wrong.
    pub fn pump(&self) -> Pump {
        self.pump_from("position", mapping())
    }

    fn pump_from(&self, position: &str, mapping: Mapping) -> Pump {
        let function = Function::named(&mapping.function).start(&self.environment());
        let function = function.expect("the variables are right");
        let position = self.files.path().join(position);
        let pump = Pump::in_process(self.stream.clone(), mapping, function, &position);
        pump.expect("the position can be read")
    }

    /// Has all that was ordered sent, one after another, and returns the mails so far.
    pub(crate) async fn collect(&self) -> Vec<Arc<KeptMail>> {
        let mut collector = self.collector.lock().await;
        let pump = collector.get_or_insert_with(|| {
            let mapping = Mapping {
                batch_size: 1,
                ..mapping()
            };
            self.pump_from("collected", mapping)
        });
        let mut failures = 0;
        loop {
            let event = pump.waiting().expect("the stream can be read");
            lock(&self.kept).purpose = purpose(&event);
            match pump.turn(api::now()).await.expect("the stream can be read") {
                Turn::Idle => return lock(&self.kept).mails.clone(),
                Turn::Delivered => failures = 0,
                Turn::Failed => failures += 1,
                Turn::Discarded(document) => panic!("a mail was given up: {document}"),
            }
            assert!(failures < ATTEMPTS, "a mail is not sent");
        }
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Kept {
    fn keep(&mut self, mail: &Mail) {
        self.mails.push(Arc::new(KeptMail {
            purpose: self.purpose.clone(),
            to: mail.to.clone(),
            subject: mail.subject.clone(),
            text: mail.text.clone().unwrap_or_default(),
            html: mail.html.clone().unwrap_or_default(),
        }));
    }
}

fn lock(kept: &Mutex<Kept>) -> std::sync::MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The mapping of the template.
fn mapping() -> Mapping {
    let mut mappings = Template::with_mail().mappings().into_iter();
    let mapping = mappings.find(|mapping| mapping.function == "mailer");
    mapping.expect("the template has a mapping to mailer")
}

/// The purpose of the row of the first record.
fn purpose(event: &Value) -> String {
    let id = event["Records"][0]["dynamodb"]["Keys"]["id"]["S"].as_str();
    let purpose = id.and_then(|id| id.split('#').next());
    purpose.unwrap_or_default().to_owned()
}
