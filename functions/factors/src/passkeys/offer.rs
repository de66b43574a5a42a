//! `POST /me/passkeys/options`: the options with which a browser makes a passkey.

use ::passkeys::{Account, CreationOptions};
use accounts::{Challenge, ChallengeUse};
use api::{Enroller, Error, stored_passkey};
use axum::Json;
use axum::extract::State;

use super::check_room;
use crate::App;
use crate::enrol::name;

/// The challenge is for this account alone. Nothing is stored for it.
pub(crate) async fn offer(
    State(app): State<App>,
    enroller: Enroller,
) -> Result<Json<CreationOptions>, Error> {
    let party = app.party()?;
    let (user, now) = (&enroller.user, api::now());
    app.check_may_add(user)?;
    let macs = app.keys.at(now).await?;
    let held = app.factors.of(user.id).await?.passkeys;
    check_room(&held)?;
    let held: Vec<_> = held.iter().map(stored_passkey).collect::<Result<_, _>>()?;
    let challenge = Challenge::issue(ChallengeUse::Registration(user.id), &macs, now)?;
    let account = Account {
        handle: user.id.as_bytes(),
        name: name(user)?,
    };
    let options = party.creation_options(account, challenge.as_bytes(), &held);
    Ok(Json(options))
}
