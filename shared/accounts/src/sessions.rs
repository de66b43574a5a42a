//! Sessions: one for each sign-in, with how and when its owner proved who they are.

mod acr;
mod authentication;
mod device;
mod generation;
mod rough_kind;
mod secret;
mod session;

pub use acr::Acr;
pub use authentication::{AuthMethod, Authentication, Methods};
pub use device::Device;
pub use generation::Generation;
pub use secret::{NoRandomness, SecretHash, SessionSecret};
pub use session::{Session, SessionLifetime};
