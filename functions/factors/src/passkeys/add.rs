//! `POST /me/passkeys`: a new passkey.

use ::passkeys::{Passkey, Refused, Registration, RelyingParty};
use accounts::{Challenge, ChallengeUse, MacKeys, Methods, PasskeyName, Timestamp, User};
use api::{AskedLanguage, Enroller, Error, Event, Fields, Gateway, MfaChallenge, note};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tables::{FactorChange, FactorKind, FactorWrite, NoticeKind, PasskeyRow};
use uuid::Uuid;

use super::{PasskeyAnswer, check_room};
use crate::App;
use crate::recovery_codes::{NewCodes, Texts};

/// The answer to whoever has added a passkey.
#[derive(Serialize)]
pub(crate) struct Added {
    #[serde(flatten)]
    passkey: PasskeyAnswer,
    /// With the first factor of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_codes: Option<Texts>,
    /// The next step of a sign-in that waits for its first factor.
    #[serde(flatten)]
    next: Option<MfaChallenge>,
}

/// With the first factor of an account every other session ends: whoever is signed in there has
/// shown none.
pub(crate) async fn add(
    State(app): State<App>,
    enroller: Enroller,
    gateway: Gateway,
    language: AskedLanguage,
    fields: Result<Fields, Error>,
) -> Result<(StatusCode, Json<Added>), Error> {
    let party = app.party()?;
    let mut fields = fields?;
    let credential = fields.object("credential");
    let name = fields.optional("name", PasskeyName::parse);
    let credential = fields.finish(credential)?;
    let (user, now) = (&enroller.user, api::now());
    app.check_may_add(user)?;
    let (challenge, passkey) = app.verified(party, &credential, user, now).await?;
    let row = row(&passkey, &name.unwrap_or_default(), now);

    let is_first = !user.ways_in.reach_aal2();
    let enrolled = user.with_factor(user.ways_in.clone().with_passkey(), now);
    let enrolled = if is_first {
        enrolled.without_sessions()
    } else {
        enrolled
    };
    let codes = is_first
        .then(|| NewCodes::generate(user.id, now))
        .transpose()?;
    let next = app.next(&enroller, &enrolled, now).await?;
    let kind = NoticeKind::FactorAdded(FactorKind::Passkey);
    let notice = app.notice((&gateway, language), user, kind, now)?;
    let session = enroller.session.as_ref().filter(|_| is_first);
    let raised = session.map(|session| session.raised(Methods::passkey(), now));
    let attempt = Uuid::new_v4().to_string();
    let consume = FactorWrite::Consume {
        throttles: &app.throttles,
        challenge: &challenge,
        attempt: &attempt,
    };
    let mut writes = vec![consume, FactorWrite::AddPasskey(&row)];
    writes.extend(
        codes
            .as_ref()
            .map(|codes| FactorWrite::PutRecoveryCodes(&codes.stored)),
    );
    let change = FactorChange {
        old: user,
        new: &enrolled,
        by: enroller.by(),
        raised: raised.as_ref(),
        writes: &writes,
        notice: app.ordered(notice.as_ref()),
    };
    app.accounts.change_factors(&app.factors, change).await?;
    note(Event::FactorEnrolled);
    if is_first {
        note(Event::RecoveryCodesMade);
        note(Event::SessionsEnded);
    }
    let added = Added {
        passkey: PasskeyAnswer::of(row),
        recovery_codes: codes.map(|codes| codes.texts),
        next,
    };
    Ok((StatusCode::CREATED, Json(added)))
}

impl App {
    /// The passkey that an answer registers, for which the account has room, with the challenge that
    /// it consumes.
    async fn verified(
        &self,
        party: &RelyingParty,
        credential: &str,
        user: &User,
        now: Timestamp,
    ) -> Result<(Challenge, Passkey), Error> {
        let macs = self.keys.at(now).await?;
        let (challenge, passkey) = verify(party, credential, user, &macs, now)
            .map_err(|rule| Error::field("credential", format!("is refused: {rule}")))?;
        let held = self.factors.of(user.id).await?.passkeys;
        check_room(&held)?;
        let id = passkey.id.to_string();
        if held.iter().any(|one| one.credential_id == id) {
            return Err(Error::NotPossible("The account has this passkey already"));
        }
        Ok((challenge, passkey))
    }
}

/// Verifies an answer, which must be to a challenge of this account.
fn verify(
    party: &RelyingParty,
    json: &str,
    user: &User,
    macs: &MacKeys,
    now: Timestamp,
) -> Result<(Challenge, Passkey), Refused> {
    let answer = Registration::parse(json)?;
    let to = ChallengeUse::Registration(user.id);
    let challenge = Challenge::verify(answer.challenge(), to, macs, now);
    let challenge = challenge.ok_or(Refused::Challenge)?;
    let passkey = party.register(&answer, challenge.as_bytes())?;
    Ok((challenge, passkey))
}

fn row(passkey: &Passkey, name: &PasskeyName, now: Timestamp) -> PasskeyRow {
    PasskeyRow {
        credential_id: passkey.id.to_string(),
        name: name.to_string(),
        public: passkey.public.to_text(),
        added_at: now,
        last_used_at: None,
        sign_count: passkey.sign_count,
        backup_eligible: passkey.backup_eligible,
        backed_up: passkey.backed_up,
    }
}
