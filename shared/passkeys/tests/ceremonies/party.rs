//! The relying party that the tests of the ceremonies share.

use passkeys::{Account, Asserted, Assertion, Passkey, Refused, Registration, RelyingParty};
use serde_json::Value;
use testing::passkey::Passkey as Soft;

pub(crate) const CHALLENGE: &[u8; 49] = &[7; 49];
pub(crate) const HANDLE: &[u8; 16] = &[3; 16];
pub(crate) const ORIGIN: &str = "https://app.example.com";

pub(crate) fn party() -> RelyingParty {
    RelyingParty::new("example.com", &[ORIGIN, "https://example.net"]).unwrap()
}

pub(crate) fn soft(algorithm: i32) -> Soft {
    Soft::new(algorithm, "example.com", ORIGIN)
}

pub(crate) fn creation_options() -> Value {
    let account = Account {
        handle: HANDLE,
        name: "ada",
    };
    let options = party().creation_options(account, CHALLENGE, []);
    serde_json::to_value(options).unwrap()
}

pub(crate) fn request_options() -> Value {
    serde_json::to_value(party().request_options(CHALLENGE)).unwrap()
}

/// Registers whatever the answer says.
pub(crate) fn register(answer: &Value) -> Result<Passkey, Refused> {
    let answer = Registration::parse(&answer.to_string())?;
    party().register(&answer, CHALLENGE)
}

pub(crate) fn assert(answer: &Value, stored: &Passkey) -> Result<Asserted, Refused> {
    let answer = Assertion::parse(&answer.to_string())?;
    party().assert(&answer, CHALLENGE, stored)
}

/// A passkey that was registered, on both sides.
pub(crate) fn registered(algorithm: i32) -> (Soft, Passkey) {
    let mut soft = soft(algorithm);
    let stored = register(&soft.register(&creation_options())).unwrap();
    (soft, stored)
}
