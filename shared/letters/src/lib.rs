//! Letters: the mails that Latchkey sends, as text and HTML of the same words.
//!
//! A letter is made from a row of the table of mails, the MAC keys, from which its link and code
//! are computed, and the sender. It knows neither AWS nor how a mail is sent. Each language is one
//! file, which does not compile while a text or a placeholder is missing. [`deliver`] is the rule of
//! what is sent and when a failure is tried again.

mod content;
mod delivery;
mod letter;
mod links;
mod texts;

pub use delivery::{Answer, Batch, GivenUp, PATIENCE, Post, Record, SendError, deliver};
pub use letter::{Letter, LetterError, Sender};

#[cfg(test)]
mod tests;
