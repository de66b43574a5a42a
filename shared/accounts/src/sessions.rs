//! Sessions: one for each sign-in, with how and when its owner proved who they are.

mod authentication;
mod device;
mod generation;
mod secret;
mod session;
mod session_id;

pub use authentication::{Authentication, Method, Methods};
pub use device::Device;
pub use generation::Generation;
pub use secret::{NoRandomness, SecretHash, SessionSecret};
pub use session::{Session, SessionLifetime};
pub use session_id::SessionId;
