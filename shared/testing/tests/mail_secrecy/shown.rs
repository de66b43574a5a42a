//! A deployment, and what it has shown.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value, json};
use testing::letters::Received;
use testing::{Answer, Client, PASSWORD, Session, Stack};

use crate::PASSWORDS;

/// The address of nobody that a page has as an example.
const EXAMPLE: &str = "name@example.com";

pub(crate) struct Course {
    pub(crate) stack: Stack,
    /// Where registration is open.
    pub(crate) api: Client,
    /// Where an address is proved before its account is made.
    pub(crate) confirmed: Client,
    /// The problems that were answered.
    pub(crate) errors: Vec<Answer>,
    /// The pages that tell what is wrong, each with the address of who filled it in, and with what
    /// was filled in.
    pub(crate) pages: Vec<(String, String, Answer)>,
    handles: BTreeSet<String>,
}

/// The secrets that only the reader of a mail may have.
pub(crate) struct Secrets {
    pub(crate) tickets: BTreeSet<String>,
    pub(crate) codes: BTreeSet<String>,
}

impl Course {
    pub(crate) async fn start() -> Self {
        let limits = [("MAIL_BURST", "10"), ("LOGIN_BURST", "20")];
        let stack = Stack::with_mail(&limits).await;
        let confirmed = stack.environment_with("REGISTRATION_MODE", Some("confirmed"));
        Self {
            api: stack.api(),
            confirmed: Client::function("register", &confirmed),
            stack,
            errors: Vec::new(),
            pages: Vec::new(),
            handles: BTreeSet::new(),
        }
    }

    /// Keeps an answer for the search, and returns its body.
    pub(crate) fn keep(&mut self, answer: Answer) -> Value {
        let body = match answer.body.as_slice() {
            [] => Value::Null,
            _ => answer.json(),
        };
        if answer.status >= 400 {
            self.errors.push(answer);
        } else {
            let handles = ["ticket", "email_ticket"].map(|name| body[name].as_str());
            let handles = handles.into_iter().flatten();
            self.handles.extend(handles.map(str::to_owned));
        }
        body
    }

    /// The same of an answer with this status.
    pub(crate) fn take(&mut self, answer: Answer, status: u16) -> Value {
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, status, "{text}");
        self.keep(answer)
    }

    /// The same of a problem with this code.
    pub(crate) fn refuse(&mut self, answer: Answer, code: &str) {
        let body = self.keep(answer);
        assert_eq!(body["error"], code, "{body}");
    }

    /// Sends what no route reads, with a ticket, an address and a password in it.
    pub(crate) async fn malformed(&mut self, api: &Client, token: Option<&str>, path: &str) {
        let method = if path == "/me/email" {
            Method::PUT
        } else {
            Method::POST
        };
        let ticket = self.handles.first().cloned().unwrap_or_default();
        let whole = json!({
            "ticket": format!("{ticket}x"), "code": [12_345_678], "password": [PASSWORD],
            "email": ["ada@example.com"],
        });
        let whole = whole.to_string();
        let bearer = token.map(|token| format!("Bearer {token}"));
        for (kind, body) in [
            ("application/json", &*whole),
            ("application/json", &whole[..whole.len() - 1]),
            ("application/json", &whole.replace(['[', ']'], "")),
            ("text/plain", &whole),
        ] {
            let mut headers = vec![("content-type", kind)];
            headers.extend(bearer.as_deref().map(|token| ("authorization", token)));
            let answer = api.send(method.clone(), path, &headers, body.as_bytes());
            let answer = answer.await;
            assert!((400..500).contains(&answer.status), "{path} {body}");
            self.keep(answer);
        }
    }

    /// Registers an account with two names.
    pub(crate) async fn sign_up(&mut self, name: &str) -> (Session, String) {
        let email = format!("{name}@example.com");
        let session = self.api.sign_up_with_address(name).await;
        let body = self.keep(session.answer.clone());
        let handle = body["email_ticket"].as_str().unwrap().to_owned();
        assert_eq!(body["user"]["email"], json!(email));
        (session, handle)
    }

    /// The newest letter to an address of that purpose.
    pub(crate) async fn letter(&self, address: &str, purpose: &str) -> Received {
        // The compiler looks only so deep.
        Box::pin(self.stack.letter(address, purpose)).await
    }

    /// Everything that was answered or mailed so far.
    pub(crate) async fn secrets(&self) -> Secrets {
        Box::pin(self.stack.letters("nobody@example.com")).await;
        let mails = self.stack.mailbox().await.inbox.mails();
        let mut tickets = self.handles.clone();
        let mut codes = BTreeSet::new();
        for mail in mails {
            for link in mail.links() {
                let ticket = link.split_once("ticket=").map(|(_, ticket)| ticket);
                tickets.extend(ticket.map(str::to_owned));
            }
            for code in mail.codes() {
                codes.insert(format!("{} {}", &code[..4], &code[4..]));
                codes.insert(code);
            }
        }
        Secrets { tickets, codes }
    }

    /// A problem has nothing but its member `ticket`, the whole text of a ticket whose code was
    /// right; a page what was filled in, but for passwords, and that text.
    pub(crate) fn assert_errors_show_nothing(&self, secrets: &Secrets) {
        let mut carried = 0;
        for answer in &self.errors {
            let mut body = answer.json();
            let ticket = body.as_object_mut().unwrap().remove("ticket");
            if let Some(ticket) = ticket {
                carried += 1;
                let ticket = ticket.as_str().unwrap();
                assert!(!self.handles.contains(ticket), "{body}");
                assert!(secrets.tickets.contains(ticket), "{body}");
            }
            let text = format!("{:?} {body}", answer.headers);
            assert_eq!(secrets.found_in(&text), None, "{text}");
        }
        assert!(carried > 1);
        for (address, filled_in, page) in &self.pages {
            let text = String::from_utf8_lossy(&page.body);
            assert_eq!(found(&PASSWORDS, &text), None, "{text}");
            let others = secrets.addresses_in(&text).into_iter();
            let mut others = others.filter(|found| found != EXAMPLE);
            assert!(others.all(|found| found == *address), "{text}");
            let is_own = |ticket: &&String| {
                // The last character of a handle has bits of the secret behind it.
                let own = &ticket[..ticket.len().min(80) - 8];
                filled_in.contains(own)
            };
            let tickets = secrets
                .tickets
                .iter()
                .filter(|ticket| text.contains(*ticket));
            assert!(tickets.clone().all(|ticket| is_own(&ticket)), "{text}");
            let codes = secrets.codes.iter().filter(|code| text.contains(*code));
            assert!(codes.clone().all(|code| filled_in.contains(code)), "{text}");
        }
    }
}

impl Secrets {
    /// The first secret or address in a text that may have none.
    pub(crate) fn found_in(&self, text: &str) -> Option<String> {
        let address = self.addresses_in(text).into_iter().next();
        self.proof_in(text).or(address)
    }

    /// A ticket, a code or a password in a text.
    pub(crate) fn proof_in(&self, text: &str) -> Option<String> {
        let tickets = self.tickets.iter().chain(&self.codes);
        let mut all = tickets.map(String::as_str).chain(PASSWORDS);
        all.find(|secret| text.contains(*secret)).map(str::to_owned)
    }

    /// The addresses in a text, as they are stored: all are of one domain.
    #[allow(clippy::unused_self, reason = "they are secrets like the others")]
    pub(crate) fn addresses_in(&self, text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        let ends = text.match_indices("@example.com").map(|(at, _)| at);
        let addresses = ends.map(|at| {
            let before = text[..at].chars().rev();
            let name = before.take_while(|one| one.is_alphanumeric() || "-+.".contains(*one));
            let name: String = name.collect::<Vec<_>>().into_iter().rev().collect();
            format!("{name}@example.com")
        });
        addresses.collect()
    }
}

fn found<'a>(secrets: &[&'a str], text: &str) -> Option<&'a str> {
    secrets
        .iter()
        .find(|secret| text.contains(**secret))
        .copied()
}
