//! For tests only: a deployment of one's own, and clients of it.
//!
//! - [`stack`], [`wire`]: a test's own deployment, and the calls that its functions make to
//!   DynamoDB
//! - [`aws`]: the AWS clients of both
//! - [`operator`]: the work of an operator on it
//! - [`factors`]: second factors and passkeys of its accounts, as rows
//! - [`release`]: the items of a release, and those of the one after it, imitated
//! - [`router`]: its functions in this process, held to openapi.json by [`contract`]
//! - [`gateway`]: the gateway before them
//! - [`client`], [`session`]: a client of the API, in this process or behind a URL, and somebody
//!   who has signed in
//! - [`passkey`]: a passkey and the browser around it
//! - [`mailbox`], [`letters`]: the mails that its rows order, from their stream to Amazon SES
//! - [`tickets`]: tickets that a test issues
//! - [`authenticator`]: an authenticator app
//! - [`mfa_tokens`]: tokens between a password and a second factor
//! - [`traces`]: the signs of secrets in a text
//! - [`openapi`]: the operations that openapi.json has

pub mod answer;
pub mod authenticator;
pub mod aws;
pub mod client;
pub mod contract;
pub mod factors;
pub mod gateway;
pub mod letters;
pub mod mailbox;
pub mod mfa_tokens;
pub mod operator;
pub mod passkey;
pub mod recovery_code;
pub mod release;
pub mod router;
pub mod session;
pub mod stack;
pub mod tickets;
pub mod traces;
pub mod wire;

pub use answer::Answer;
pub use authenticator::Authenticator;
pub use client::{Client, OTHER_PASSWORD, PASSWORD};
pub use local::{event, openapi};
pub use operator::number;
pub use release::Release;
pub use session::Session;
pub use stack::Stack;
