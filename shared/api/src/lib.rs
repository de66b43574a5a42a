//! HTTP: what every function of the API has in common, from the gateway's event to the answer.
//!
//! - [`Environment`]: configuration, read and checked once, before the first request
//! - [`Gateway`]: what API Gateway itself says of a request
//! - [`Fields`], [`JsonOrForm`], [`Form`], [`Query`], [`PathId`]: a bounded, strictly read request; and
//!   [`AnyBody`], where nothing is gained by being strict
//! - [`SessionGuard`], [`StatelessGuard`]: from an access token to a [`Caller`] or its [`Claims`]
//! - [`TokenIssuer`], [`SignIn`]: from a proof of who somebody is to the tokens of a session
//! - [`Revocation`]: from a token to its session's end
//! - [`Error`]: every answer that is not a success, as problem+json
//! - [`run`], [`handle`]: a function, from its start to the end of its process
//! - [`Door`], [`read_event`]: from the gateway's event to the router, and back
//! - [`layered`]: panics, the time that a request may take, and the headers that every answer has
//! - [`Log`], [`logged`], [`note`], [`chain`]: one line a request, for whoever searches and as metrics
//!
//! It knows no route and no table's layout.
//!
//! [`Claims`]: claims::Claims

mod aws;
mod body;
mod cache;
mod caller;
mod chain;
mod clock;
mod config_error;
mod deadline;
mod diagnostics;
mod door;
mod environment;
mod environment_settings;
mod environment_tables;
mod error;
mod event;
mod fields;
mod gateway;
mod guard;
mod issuer;
mod key_ring;
mod keys;
mod layers;
mod line;
mod log;
mod media_type;
mod object;
mod problem;
mod raw_event;
mod record;
mod revocation;
mod ring_reading;
mod run;
mod sign_in;
mod target;
mod tokens;
mod user;

pub use body::{AnyBody, Form, JsonOrForm};
pub use caller::Caller;
pub use chain::chain;
pub use clock::now;
pub use config_error::ConfigError;
pub use deadline::{Deadline, Late};
pub use door::{Door, Reply};
pub use environment::Environment;
pub use error::{Error, FieldError};
pub use event::Event;
pub use fields::{Fields, Patch};
pub use gateway::Gateway;
pub use guard::{SessionGuard, StatelessGuard, Verified};
pub use issuer::{Issuer, IssuerError};
pub use keys::{IssuingKeys, PublicKeys, RefreshKeys, SigningKeys};
pub use layers::layered;
pub use log::{Failure, Log, logged};
pub use raw_event::{EventHeaders, read_event};
pub use record::{note, note_caller, note_reason, note_target};
pub use revocation::Revocation;
pub use run::{RunError, handle, run, serve};
pub use sign_in::SignIn;
pub use target::{PathId, Query};
pub use tokens::{TokenAnswer, TokenIssuer};
pub use user::UserAnswer;
