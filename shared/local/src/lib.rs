//! A deployment on this machine, made from template.yaml: for `cargo xtask`, the benchmark and
//! tests, and for nothing that is deployed.
//!
//! - [`template`]: the contents of template.yaml
//! - [`engine`], [`ring`]: a DynamoDB with its tables, and a key ring in it
//! - [`environment`]: the variables of the functions on this machine
//! - [`functions`]: every function, to be called in this process
//! - [`gateway`]: API Gateway, from a request to a function and back
//! - [`stream`], [`pump`]: the stream of a table, and what hands it to a function
//! - [`inbox`]: Amazon SES, and a page of what was sent
//! - [`openapi`], [`event`], [`events`]: the document of the API, and an event for each of its
//!   routes

pub mod engine;
pub mod environment;
mod error;
mod event;
pub mod functions;
pub mod gateway;
pub mod inbox;
pub mod openapi;
pub mod pump;
pub mod ring;
pub mod stream;
pub mod template;

pub use error::Error;
pub use event::{event, events};
pub use template::{Template, workspace};
