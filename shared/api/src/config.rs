//! Configuration: the environment of a function, read and checked before its first request.

mod aws;
mod config_error;
mod environment;
mod settings;
mod tables;

pub use config_error::ConfigError;
pub(crate) use config_error::wrong;
pub use environment::Environment;
