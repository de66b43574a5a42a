//! Amazon SES on this machine: it keeps what it is given to send, and shows it on pages.
//!
//! - mail: a mail, with the links and codes in its text
//! - ses: `POST /v2/email/outbound-emails`, the one operation of SES that there is
//! - request: the body of that operation
//! - refusal: the errors that AWS documents for it
//! - pages: the list of all mails, and one mail
//! - newest: the newest mail to an address, as JSON

mod mail;
mod newest;
mod pages;
mod refusal;
mod request;
mod ses;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;

pub use mail::Mail;
pub use refusal::Refusal;

/// The most mails that are kept. Another one takes the place of the oldest.
const MOST: usize = 1_000;

/// The fate of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is kept, and acknowledged.
    Keep,
    /// It is refused.
    Refuse(Refusal),
    /// It is kept, and this is answered all the same: to its sender an answer was lost.
    KeepAndAnswer(Refusal),
}

type Judge = Box<dyn Fn(&Mail) -> Verdict + Send + Sync>;
type Report = Box<dyn Fn(&Mail) + Send + Sync>;

/// The mails that were sent. A copy is of the same inbox.
#[derive(Clone)]
pub struct Inbox(Arc<Inner>);

struct Inner {
    mails: Mutex<VecDeque<Arc<Mail>>>,
    judge: Mutex<Judge>,
    report: Report,
}

impl Inbox {
    /// An empty inbox, which keeps all that is well-formed, and hands each mail that it keeps to
    /// `report` as well.
    #[must_use]
    pub fn new(report: impl Fn(&Mail) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            mails: Mutex::default(),
            judge: Mutex::new(Box::new(|_| Verdict::Keep)),
            report: Box::new(report),
        }))
    }

    /// Decides from now on about each well-formed mail: for tests of those who send.
    pub fn decide(&self, judge: impl Fn(&Mail) -> Verdict + Send + Sync + 'static) {
        *self.0.judge.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(judge);
    }

    /// The mails, the oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Arc<Mail>> {
        let mails = self.0.mails.lock().unwrap_or_else(PoisonError::into_inner);
        mails.iter().cloned().collect()
    }

    /// The operation of SES and the pages, for a listener on loopback.
    pub fn router(&self) -> Router {
        ses::routes()
            .merge(pages::routes())
            .with_state(self.clone())
    }

    fn judge(&self, mail: &Mail) -> Verdict {
        let judge = self.0.judge.lock().unwrap_or_else(PoisonError::into_inner);
        judge(mail)
    }

    fn keep(&self, mail: Mail) {
        let mut mails = self.0.mails.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.len() == MOST {
            mails.pop_front();
        }
        (self.0.report)(&mail);
        mails.push_back(Arc::new(mail));
    }
}
