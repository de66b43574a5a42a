//! `POST /me/recovery-codes`, and the codes that the first factor of an account comes with.

use accounts::{NoRandomness, RecoveryCode, Timestamp, UserId};
use api::{AskedLanguage, Caller, Error, Event, Gateway, note};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Serialize, Serializer};
use tables::{By, FactorChange, FactorWrite, NoticeKind, RecoveryCodes};
use zeroize::Zeroizing;

use crate::App;

/// Fresh recovery codes: the texts for their owner, shown this once, and the hashes to store.
pub(crate) struct NewCodes {
    pub(crate) texts: Texts,
    pub(crate) stored: RecoveryCodes,
}

/// The codes as their owner notes them down.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Texts(#[serde(serialize_with = "exposed")] Vec<Zeroizing<String>>);

#[derive(Serialize)]
pub(crate) struct Answer {
    recovery_codes: Texts,
}

impl NewCodes {
    pub(crate) fn generate(user_id: UserId, now: Timestamp) -> Result<Self, NoRandomness> {
        let codes = (0..RecoveryCode::SET).map(|_| RecoveryCode::generate());
        let codes: Vec<_> = codes.collect::<Result<_, _>>()?;
        Ok(Self {
            stored: RecoveryCodes {
                hashes: codes.iter().map(|code| code.hash(user_id)).collect(),
                added_at: now,
            },
            texts: Texts(codes.iter().map(RecoveryCode::to_text).collect()),
        })
    }
}

/// Replaces the recovery codes. The account changes with them, so that a factor that is removed
/// meanwhile leaves no codes behind. New codes are as good as a new factor: where a passkey is not
/// asked for, a password alone makes them, and raises its session by one.
pub(crate) async fn replace(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    language: AskedLanguage,
) -> Result<(StatusCode, Json<Answer>), Error> {
    let now = api::now();
    caller.requires_fresh(&app.settings.freshness, now)?;
    let user = &caller.user;
    if !user.ways_in.reach_aal2() {
        return Err(Error::NotPossible(
            "The account has no second factor that a recovery code could stand in for",
        ));
    }
    let codes = NewCodes::generate(user.id, now)?;
    let kind = NoticeKind::RecoveryCodesMade;
    let notice = app.notice((&gateway, language), user, kind, now)?;
    let change = FactorChange {
        old: user,
        new: &user.with_factor(user.ways_in.clone(), now),
        by: By::Owner(&caller.session),
        raised: None,
        writes: &[FactorWrite::PutRecoveryCodes(&codes.stored)],
        notice: app.ordered(notice.as_ref()),
    };
    app.accounts.change_factors(&app.factors, change).await?;
    note(Event::RecoveryCodesMade);
    let answer = Answer {
        recovery_codes: codes.texts,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

fn exposed<S: Serializer>(texts: &[Zeroizing<String>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts.iter().map(|text| text.as_str()))
}
