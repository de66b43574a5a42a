//! Configuration: the environment of a function, read and checked before its first request.

mod aws;
mod config_error;
mod edge;
mod environment;
mod passkeys;
mod sender;
mod settings;
mod tables;

pub use config_error::ConfigError;
pub use environment::Environment;
pub use sender::{MailSender, MailSenderError};
