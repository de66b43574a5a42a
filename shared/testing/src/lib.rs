//! For tests and for the local stack only: what template.yaml deploys, made on this machine.
//!
//! - [`template`], [`openapi`]: what template.yaml and openapi.json say
//! - [`engine`], [`ring`]: a DynamoDB with its tables, and a key ring in it
//! - [`stack`], [`wire`]: a test's own deployment, and what its functions say to DynamoDB
//! - [`client`]: a client of the API, in this process or behind a URL

pub mod client;
pub mod engine;
pub mod openapi;
pub mod ring;
pub mod stack;
pub mod template;
pub mod wire;

pub use client::{Answer, Client};
pub use stack::Stack;
