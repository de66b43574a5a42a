//! `PATCH /me/passkeys/{id}`: another name for a passkey.

use accounts::PasskeyName;
use api::{Caller, Error, Fields};
use axum::Json;
use axum::extract::{Path, State};

use super::{PasskeyAnswer, parse_id};
use crate::App;

pub(crate) async fn rename(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    fields: Result<Fields, Error>,
) -> Result<Json<PasskeyAnswer>, Error> {
    app.party()?;
    let mut fields = fields?;
    let name = fields.required("name", PasskeyName::parse);
    let name = fields.finish(name)?;
    let id = parse_id(&id)?;
    let renamed = app
        .factors
        .rename_passkey(caller.user.id, &id, name.as_str());
    let renamed = renamed.await?.ok_or(Error::NotFound)?;
    Ok(Json(PasskeyAnswer::of(renamed)))
}
