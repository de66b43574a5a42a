//! The rules by which the records of the stream become letters.

mod record;

use std::sync::Arc;

use accounts::{MacKeys, Timestamp};
use serde::Serialize;
use tables::MailedRow;

use crate::{Letter, LetterError, Sender};

pub use record::{Batch, Record};

/// The way on which letters leave, and the keys for them.
pub trait Post {
    /// Returns the MAC keys, read anew from the ring where that is asked for; `None` where they
    /// cannot be had now.
    fn keys(&self, anew: bool) -> impl Future<Output = Option<Arc<MacKeys>>>;

    /// Sends a letter.
    ///
    /// # Errors
    ///
    /// [`SendError`].
    fn send(&self, letter: &Letter) -> impl Future<Output = Result<(), SendError>>;

    /// Takes note of a letter that will never be sent. It is not told whose.
    fn give_up(&self, reason: GivenUp);
}

/// Why a letter was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Time can mend it: throttling, a quota, a pause, a fault of the service, no connection.
    #[error("the letter could not be sent now")]
    Passing,
    /// Time cannot: the service refuses this letter.
    #[error("the letter was refused")]
    Lasting,
}

/// Why a letter will never be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenUp {
    /// The service refused it.
    Refused,
    /// The MAC key of its ticket is gone.
    NoMacKey,
    /// The row was still not understood after [`PATIENCE`].
    Unreadable,
    /// A template failed.
    Unwritten,
}

/// The time, in seconds, for which a row that is not understood waits: another version may have
/// written it, whose function takes over while a deployment rolls on.
pub const PATIENCE: u64 = 600;

/// The answer to a batch, by which Lambda calls again from the first record that failed
/// (`ReportBatchItemFailures`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    batch_item_failures: Vec<Failure>,
}

impl Answer {
    /// Returns whether every record was dealt with.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.batch_item_failures.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: String,
}

/// Sends the letters that a batch orders, one after another, and stops at the first failure that
/// time can mend. The answer names that record, and so all after it: a retry repeats no letter that
/// was sent, but for one whose answer was lost. No letter that cannot be sent blocks another.
pub async fn deliver(
    batch: &Batch,
    sender: &Sender,
    post: &impl Post,
    now: impl Fn() -> Timestamp,
) -> Answer {
    for record in &batch.records {
        if deliver_one(record, sender, post, now()).await.is_err() {
            let item_identifier = record.sequence_number().to_owned();
            return Answer {
                batch_item_failures: vec![Failure { item_identifier }],
            };
        }
    }
    Answer::default()
}

/// The record is to be handled again, later.
struct Later;

async fn deliver_one(
    record: &Record,
    sender: &Sender,
    post: &impl Post,
    now: Timestamp,
) -> Result<(), Later> {
    if !record.orders_a_letter(now) {
        return Ok(());
    }
    let Ok(row) = MailedRow::from_image(&record.image()) else {
        if record.created_at().saturating_add(PATIENCE) > now {
            return Err(Later);
        }
        post.give_up(GivenUp::Unreadable);
        return Ok(());
    };
    let mut written = write(&row, sender, post, false, now).await?;
    if matches!(written, Err(LetterError::NoMacKey(_))) {
        written = write(&row, sender, post, true, now).await?;
    }
    match written {
        Ok(letter) => match post.send(&letter).await {
            Ok(()) => {}
            Err(SendError::Passing) => return Err(Later),
            Err(SendError::Lasting) => post.give_up(GivenUp::Refused),
        },
        Err(LetterError::NoMacKey(_)) => post.give_up(GivenUp::NoMacKey),
        Err(LetterError::NoRecipient | LetterError::Template) => post.give_up(GivenUp::Unwritten),
    }
    Ok(())
}

async fn write(
    row: &MailedRow,
    sender: &Sender,
    post: &impl Post,
    anew: bool,
    now: Timestamp,
) -> Result<Result<Letter, LetterError>, Later> {
    let keys = post.keys(anew).await.ok_or(Later)?;
    Ok(Letter::write(row, sender, &keys, now))
}
