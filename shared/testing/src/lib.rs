//! For tests only: a deployment of one's own, and clients of it.
//!
//! - [`stack`], [`wire`]: a test's own deployment, and the calls that its functions make to DynamoDB
//! - [`client`]: a client of the API, in this process or behind a URL
//! - [`openapi`]: the operations that openapi.json has

pub mod client;
pub mod openapi;
pub mod stack;
pub mod wire;

pub use client::{Answer, Client};
pub use local::event;
pub use stack::Stack;
