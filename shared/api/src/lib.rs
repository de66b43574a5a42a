//! The parts that all functions of the API share, from the gateway's event to the answer.
//!
//! - [`Environment`]: configuration, read and checked once, before the first request
//! - [`Gateway`]: API Gateway's own data about a request
//! - [`Fields`], [`JsonOrForm`], [`Form`], [`Query`], [`PathId`]: a bounded, strictly read request;
//!   and [`AnyBody`], where nothing is gained by being strict
//! - [`SessionGuard`], [`StatelessGuard`]: from an access token to a [`Caller`] or its [`Claims`]
//! - [`MfaChallenges`]: from a first factor to the [`MfaChallenge`] for a second one; [`Enroller`]:
//!   who may add one
//! - [`TokenIssuer`], [`SignIn`]: from an authentication to the tokens of a session
//! - [`Revocation`]: from a token to its session's end
//! - [`Mailing`], [`MailLimits`]: mails, and who may ask for them
//! - [`TicketGuard`]: from what a bearer shows to the [`Proven`] ticket
//! - [`Pages`], [`Reader`], [`AskedLanguage`]: pages, and errors as pages
//! - [`TicketSeeds`]: new tickets of a function that must not read them
//! - [`FactorKeys`]: the secrets of TOTP factors, sealed and opened
//! - [`Error`]: every answer that is not a success, as problem+json
//! - [`Function`], [`run`]: a function behind routes, from its start to the end of its process
//! - [`Handler`], [`handle`], [`invoke`]: one that something else invokes
//! - [`Door`], [`read_event`]: from the gateway's event to the router, and back
//! - [`Edge`]: what stands in front of the API and names the client's address
//! - [`layered`]: panics, the time that a request may take, and the headers that every answer has
//! - [`Log`], [`note`], [`chain`]: one log line a request, which is also the metrics
//!
//! It knows no route and no table's layout.
//!
//! [`Claims`]: claims::Claims

mod auth;
mod clock;
mod config;
mod error;
mod function;
mod http;
mod log;
mod mail;
mod page;
mod run;

pub use auth::{
    AccessAnswer, Caller, Enroller, EnrollingGuard, FactorKeys, FirstFactor, Freshness, Issuer,
    IssuerError, IssuingKeys, MfaChallenge, MfaChallenges, MfaRequired, PasskeyVerifier,
    ProvenPasskey, PublicKeys, RefreshKeys, Revocation, SessionGuard, ShownPasskey, SignIn,
    SigningKeys, StatelessGuard, TicketSeeds, TokenAnswer, TokenIssuer, Verified, exposed,
    passkey_request, stored_passkey,
};
pub use clock::now;
pub use config::{ConfigError, Environment, MailSender, MailSenderError};
pub use error::{Error, Feature, FieldError};
pub use function::{Function, Handler};
pub use http::{
    AnyBody, Deadline, Door, Edge, EventHeaders, Fields, Form, Gateway, JsonOrForm, Late, Patch,
    PathId, Query, Reply, UserAnswer, UserAnswers, layered, read_event, second_factor_rule,
};
pub use log::{Event, Failure, Log, chain, note, note_caller, note_reason, note_target, note_user};
pub use mail::{MailAsk, MailLimits, Mailing, Proven, Shown, TicketGuard};
pub use page::{AskedLanguage, Pages, Reader, parameter};
pub use run::{RunError, handle, invoke, run, serve};
