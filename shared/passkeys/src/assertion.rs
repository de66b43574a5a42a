//! Using a passkey.

use passki::{AuthenticationCredential, AuthenticationState, StoredPasskey};
use serde_json::json;

use crate::answer::{Answer, encode, own};
use crate::authenticator_data::AuthenticatorData;
use crate::{CredentialId, Passkey, Refused, RelyingParty};

/// The answer of `navigator.credentials.get()`, read but not verified.
pub struct Assertion {
    answer: Answer,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    user_handle: Vec<u8>,
}

/// The content of an assertion that was verified. The count and the flags are to be stored, on the
/// condition that the count is still the one that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asserted {
    /// The count: the higher one of the stored and the presented.
    pub sign_count: u32,
    /// Whether the passkey may leave its device.
    pub backup_eligible: bool,
    /// Whether it has left it.
    pub backed_up: bool,
    /// Whether the presented count is not higher than the stored one, though the passkey counts: it
    /// is synced, and another device of its owner was ahead.
    pub is_stale: bool,
    /// Whether it said the opposite of `backup_eligible` before. The specification has that refused
    /// (§7.2 step 18), but managers of passwords change it with the first sync, and it proves
    /// nothing.
    pub has_changed: bool,
}

/// The most bytes of a user handle (WebAuthn Level 3, §5.4.3).
const MAX_USER_HANDLE: usize = 64;

impl Assertion {
    /// Reads the JSON of `PublicKeyCredential.toJSON()` (`AuthenticationResponseJSON`, WebAuthn
    /// Level 3, §5.1.8.2).
    ///
    /// # Errors
    ///
    /// [`Refused`], for its shape, its type, its ids, its user handle or a frame of another site.
    pub fn parse(json: &str) -> Result<Self, Refused> {
        let answer = Answer::parse(json)?;
        let user_handle = answer
            .bytes("userHandle")
            .map_err(|_| Refused::UserHandle)?;
        if !(1..=MAX_USER_HANDLE).contains(&user_handle.len()) {
            return Err(Refused::UserHandle);
        }
        Ok(Self {
            authenticator_data: answer.bytes("authenticatorData")?,
            signature: answer.bytes("signature")?,
            user_handle,
            answer,
        })
    }

    /// The challenge that it answers, which the caller has to know again.
    pub fn challenge(&self) -> &[u8] {
        &self.answer.client_data.challenge
    }

    /// The passkey that it claims to be of.
    pub fn credential_id(&self) -> &CredentialId {
        &self.answer.id
    }

    /// The account that it claims to be of: the handle that was given out with the options.
    pub fn user_handle(&self) -> &[u8] {
        &self.user_handle
    }
}

impl RelyingParty {
    /// Verifies the answer to a challenge that was given out, by a passkey of the account whose user
    /// handle it names (WebAuthn Level 3, §7.2).
    ///
    /// # Errors
    ///
    /// [`Refused`]. [`Refused::Cloned`] has a right signature.
    pub fn assert(
        &self,
        answer: &Assertion,
        challenge: &[u8],
        stored: &Passkey,
    ) -> Result<Asserted, Refused> {
        if answer.answer.id != stored.id {
            return Err(Refused::CredentialId);
        }
        let data = AuthenticatorData::parse(&answer.authenticator_data)?;
        // Only a registration has it (§6.1).
        if data.attested.is_some() {
            return Err(Refused::Malformed);
        }
        let credential: AuthenticationCredential = own(json!({
            "rawId": stored.id.to_string(),
            "response": {
                "clientDataJSON": answer.answer.client_data.text,
                "authenticatorData": encode(&answer.authenticator_data),
                "signature": encode(&answer.signature),
            },
        }));
        let state: AuthenticationState = own(json!({
            "challenge": challenge,
            "allowed_credentials": [stored.id.as_bytes()],
            "user_verification": "required",
        }));
        // It compares the counts before the signature, and whoever has no key could then have a
        // passkey called cloned. It is shown none, and they are judged here.
        let mut key = StoredPasskey::default();
        key.credential_id = stored.id.as_bytes().to_vec();
        key.public_key = stored.public.public_key.clone();
        key.algorithm = stored.public.algorithm;
        self.passki
            .finish_passkey_authentication(&credential, &state, &key)?;
        judge(&data, stored)
    }
}

/// Judges the count of signatures (§6.1.1), and notes the flags.
fn judge(data: &AuthenticatorData, stored: &Passkey) -> Result<Asserted, Refused> {
    let counts = data.sign_count != 0 || stored.sign_count != 0;
    let is_stale = counts && data.sign_count <= stored.sign_count;
    // A passkey that leaves its device has one count on each, so that it says nothing there; to
    // refuse it would lock its owner out.
    let is_bound = !data.is_backup_eligible() && !stored.backup_eligible;
    if is_stale && is_bound {
        return Err(Refused::Cloned);
    }
    Ok(Asserted {
        sign_count: data.sign_count.max(stored.sign_count),
        backup_eligible: data.is_backup_eligible(),
        backed_up: data.is_backed_up(),
        is_stale,
        has_changed: data.is_backup_eligible() != stored.backup_eligible,
    })
}
