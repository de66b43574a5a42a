//! `GET /me/factors`.

use api::Caller;
use axum::Json;
use serde::Serialize;

/// The second factors of an account, as its owner sees them.
#[derive(Serialize)]
pub(crate) struct List {
    /// Whether a password asks for a second factor: `required` or `optional`.
    second_factor: &'static str,
}

pub(crate) async fn show(caller: Caller) -> Json<List> {
    let asks = !caller.user.ways_in.factors.is_empty();
    Json(List {
        second_factor: if asks { "required" } else { "optional" },
    })
}
