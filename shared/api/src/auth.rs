//! Authentication: guards, keys, sign-in and tokens.

mod cache;
mod caller;
mod enroller;
mod factor_keys;
mod freshness;
mod issuer;
mod key_ring;
mod keys;
mod mfa_challenge;
mod passkey_verifier;
mod revocation;
mod ring_reading;
mod session_guard;
mod sign_in;
mod stateless_guard;
mod ticket_seeds;
mod tokens;

pub use caller::Caller;
pub use enroller::{Enroller, EnrollingGuard};
pub use factor_keys::FactorKeys;
pub use freshness::{Freshness, MfaRequired};
pub use issuer::{Issuer, IssuerError};
pub(crate) use key_ring::KeyRing;
pub use keys::{IssuingKeys, PublicKeys, RefreshKeys, SigningKeys};
pub use mfa_challenge::{FirstFactor, MfaChallenge, MfaChallenges};
pub use passkey_verifier::{
    PasskeyVerifier, ProvenPasskey, ShownPasskey, passkey_request, stored_passkey,
};
pub use revocation::Revocation;
pub use session_guard::SessionGuard;
pub use sign_in::SignIn;
pub use stateless_guard::{StatelessGuard, Verified};
pub use ticket_seeds::TicketSeeds;
pub use tokens::{AccessAnswer, TokenAnswer, TokenIssuer, exposed};
