//! The options that ask a browser for an answer.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::public_key::ALGORITHMS;
use crate::{Passkey, RelyingParty};

/// The time for which a browser waits for its user, in milliseconds: five minutes, as WebAuthn Level
/// 3, §15.1 recommends where a user is verified.
pub const TIMEOUT_MS: u32 = 300_000;

/// The account that a passkey is made for.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// Its user handle: bytes that say nothing of its owner, and that a sign-in brings back.
    pub handle: &'a [u8; 16],
    /// Its name, as the owner chooses it from a list of accounts.
    pub name: &'a str,
}

/// `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3, §5.1.9). `Debug` shows no challenge.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreationOptions {
    rp: Rp,
    user: User,
    challenge: String,
    pub_key_cred_params: [Parameter; ALGORITHMS.len()],
    timeout: u32,
    exclude_credentials: Vec<Descriptor>,
    authenticator_selection: Selection,
    attestation: &'static str,
}

/// `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3, §5.1.10). It names no passkey: the
/// browser offers those that it has. `Debug` shows no challenge.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestOptions {
    challenge: String,
    timeout: u32,
    rp_id: String,
    allow_credentials: [Descriptor; 0],
    user_verification: &'static str,
}

#[derive(Clone, Serialize)]
struct Rp {
    id: String,
    name: String,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: String,
    name: String,
    display_name: String,
}

#[derive(Clone, Serialize)]
struct Parameter {
    r#type: &'static str,
    alg: i32,
}

#[derive(Clone, Serialize)]
struct Descriptor {
    r#type: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    transports: Vec<String>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Selection {
    resident_key: &'static str,
    /// For browsers of Level 1, which do not know the other.
    require_resident_key: bool,
    user_verification: &'static str,
}

const PUBLIC_KEY: &str = "public-key";
const REQUIRED: &str = "required";

impl CreationOptions {
    pub(crate) fn new<'a>(
        party: &RelyingParty,
        account: Account<'_>,
        challenge: &[u8],
        exclude: impl IntoIterator<Item = &'a Passkey>,
    ) -> Self {
        let excluded = exclude.into_iter().map(|passkey| Descriptor {
            r#type: PUBLIC_KEY,
            id: passkey.id.to_string(),
            transports: passkey.public.transports.clone(),
        });
        Self {
            rp: Rp {
                id: party.id().to_owned(),
                name: party.id().to_owned(),
            },
            user: User {
                id: URL_SAFE_NO_PAD.encode(account.handle),
                name: account.name.to_owned(),
                display_name: account.name.to_owned(),
            },
            challenge: URL_SAFE_NO_PAD.encode(challenge),
            pub_key_cred_params: ALGORITHMS.map(|alg| Parameter {
                r#type: PUBLIC_KEY,
                alg,
            }),
            timeout: TIMEOUT_MS,
            exclude_credentials: excluded.collect(),
            authenticator_selection: Selection {
                resident_key: REQUIRED,
                require_resident_key: true,
                user_verification: REQUIRED,
            },
            attestation: "none",
        }
    }
}

impl RequestOptions {
    pub(crate) fn new(party: &RelyingParty, challenge: &[u8]) -> Self {
        Self {
            challenge: URL_SAFE_NO_PAD.encode(challenge),
            timeout: TIMEOUT_MS,
            rp_id: party.id().to_owned(),
            allow_credentials: [],
            user_verification: REQUIRED,
        }
    }
}

impl fmt::Debug for CreationOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CreationOptions(for {})", self.rp.id)
    }
}

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestOptions(for {})", self.rp_id)
    }
}
