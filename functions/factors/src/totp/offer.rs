//! `POST /me/totp`: a secret for an authenticator, which its first code confirms.

use accounts::TotpSecret;
use api::{Enroller, Error, Gateway, exposed};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tables::PendingTotp;
use zeroize::Zeroizing;

use crate::enrol::name;
use crate::{App, otpauth};

/// The time for which a secret waits for its first code, in seconds.
const LIFE: u64 = 600;

/// A secret, in the three forms in which an authenticator takes it.
#[derive(Serialize)]
pub(crate) struct Offer {
    /// Base32, to be typed.
    #[serde(serialize_with = "exposed")]
    secret: Zeroizing<String>,
    #[serde(serialize_with = "exposed")]
    otpauth_uri: Zeroizing<String>,
    /// The same as SVG, for a camera.
    #[serde(serialize_with = "exposed")]
    qr_code: Zeroizing<String>,
    /// Seconds.
    expires_in: u64,
}

/// A secret that waits for its first code is replaced. One that has had it stays, until the new one
/// has it too.
pub(crate) async fn offer(
    State(app): State<App>,
    enroller: Enroller,
    gateway: Gateway,
) -> Result<(StatusCode, Json<Offer>), Error> {
    let (user, now) = (&enroller.user, api::now());
    app.check_may_add(user)?;
    let secret = TotpSecret::generate()?;
    let issuer = app.settings.issuer.of(&gateway)?;
    let uri = otpauth::uri(otpauth::host(&issuer), name(user)?, &secret);
    let qr_code = otpauth::qr_code(&uri).map_err(Error::internal)?;
    let sealed = app.factor_keys.seal(user.id, &secret, now);
    let pending = PendingTotp {
        secret: sealed.await?.to_bytes(),
        expires_at: now.saturating_add(LIFE),
    };
    app.factors.put_pending(user.id, &pending).await?;
    let offer = Offer {
        secret: secret.to_base32(),
        otpauth_uri: uri,
        qr_code,
        expires_in: LIFE,
    };
    Ok((StatusCode::CREATED, Json(offer)))
}
