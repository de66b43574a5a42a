//! DynamoDB: one type a table, and [`Accounts`] for the transactions that span three of them.
//!
//! The only crate that knows `aws-sdk-dynamodb`. It turns items into the types of `accounts` and
//! `claims` and back, and every failed condition into an error that says what it means. It knows
//! nothing of HTTP.
//!
//! A table's type carries the client and the table's name, so that a function that holds no
//! [`Logins`] cannot read one.

mod accounts;
mod answer_time;
mod changes;
mod client;
mod conditional_write;
mod error;
mod factors;
mod item;
mod keys;
mod logins;
mod mails;
mod reason;
mod sessions;
mod throttles;
mod transaction;
mod users;
mod ways_in;

pub use crate::accounts::{AccountError, Accounts, By, FactorChange};
pub use answer_time::AnswerTime;
pub use aws_sdk_dynamodb::Client;
pub use client::connect;
pub use error::Error;
pub use factors::{
    ActiveTotp, CodeGuess, CodeUse, CodeUseError, FactorWrite, Factors, Held, PasskeyRow,
    PasskeyUse, PasskeyUseError, PendingTotp, RecoveryCodes, SealedSecret, SecretsPage,
    SecretsPosition, ShownCode, Totp,
};
pub use keys::{
    Keys, RingParts, SealedFactors, SealedKey, SealedKeys, SealedMacs, SealedRing, UnknownKeys,
};
pub use logins::{Login, Logins, PasswordChange, UnknownAttributes};
pub use mails::{
    Asker, FactorKind, Mail, MailedRow, Mails, Moving, Notice, NoticeKind, Order, Permit,
    PermittedSignup, Recipient, SignUpError, Spend, SpendError, TicketRow,
};
pub use reason::{is_temporary, reason};
pub use sessions::{Attempt, SessionChange, Sessions};
pub use throttles::Throttles;
pub use users::{Page, Users};
