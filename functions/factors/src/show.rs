//! `GET /me/factors`.

use accounts::{MAX_WRONG_CODES, Timestamp};
use api::{Caller, Error, second_factor_rule};
use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use tables::ActiveTotp;

use crate::App;
use crate::passkeys::PasskeyAnswer;

/// The second factors of an account, as its owner sees them. Times are seconds since the Unix
/// epoch.
#[derive(Serialize)]
pub(crate) struct List {
    totp: Option<TotpAnswer>,
    passkeys: Vec<PasskeyAnswer>,
    recovery_codes_left: usize,
    /// Whether a password asks for a second factor: `required` or `optional`.
    second_factor: &'static str,
    /// The domain that passkeys are for; `null` where there are none.
    rp_id: Option<String>,
    /// By which passkeys name the account, in base64url: for `signalAllAcceptedCredentials`.
    user_handle: String,
}

#[derive(Serialize)]
struct TotpAnswer {
    added_at: Timestamp,
    /// Whether so many wrong codes came in a row that no code counts.
    locked: bool,
}

pub(crate) async fn show(State(app): State<App>, caller: Caller) -> Result<Json<List>, Error> {
    let user = &caller.user;
    let held = app.factors.of(user.id).await?;
    let active = held.totp.and_then(|totp| totp.active);
    let codes = held.recovery.map(|codes| codes.hashes.len());
    Ok(Json(List {
        totp: active.as_ref().map(TotpAnswer::of),
        passkeys: held.passkeys.into_iter().map(PasskeyAnswer::of).collect(),
        recovery_codes_left: codes.unwrap_or_default(),
        second_factor: second_factor_rule(&user.ways_in),
        rp_id: app.party.as_ref().map(|party| party.id().to_owned()),
        user_handle: URL_SAFE_NO_PAD.encode(user.id.as_bytes()),
    }))
}

impl TotpAnswer {
    fn of(totp: &ActiveTotp) -> Self {
        Self {
            added_at: totp.enrolled_at,
            locked: totp.failures >= MAX_WRONG_CODES,
        }
    }
}
