//! Passkeys: the two ceremonies of WebAuthn, from the side of the server.
//!
//! It knows the rules by which an answer of a browser is believed (WebAuthn Level 3, §7.1 and §7.2)
//! and the options that ask for one. It must not know AWS, HTTP, accounts or where anything is
//! stored; whether a challenge is ours, and that it is answered once, is the caller's to see to.
//!
//! The signatures are verified by `passki`, which no other crate of ours knows. It leaves out, and
//! this crate adds: strict JSON and CBOR, in which no member comes twice and nothing follows; the
//! comparison of the id that is presented with the one that is stored; the algorithms that were
//! offered; whether a public key is one; and what an assertion says of the backup of its passkey.
//!
//! - [`RelyingParty`]: for which domain passkeys are, and on which pages; it makes the options and
//!   verifies the answers
//! - [`Registration`], [`Assertion`]: the answers, read but not verified
//! - [`Passkey`], [`PublicData`], [`CredentialId`]: what is stored
//! - [`Refused`]: the rule that an answer breaks
//!
//! Every passkey is discoverable and verifies its user, no attestation is asked for, and the
//! algorithms are Ed25519, ES256 and RS256.

mod answer;
mod assertion;
mod authenticator_data;
mod cbor;
mod client_data;
mod credential_id;
mod options;
mod origin;
mod passkey;
mod public_key;
mod refused;
mod registration;
mod relying_party;
mod strict_json;

pub use assertion::{Asserted, Assertion};
pub use credential_id::CredentialId;
pub use options::{Account, CreationOptions, RequestOptions, TIMEOUT_MS};
pub use passkey::{Passkey, PublicData};
pub use refused::Refused;
pub use registration::Registration;
pub use relying_party::{RelyingParty, SettingError};
