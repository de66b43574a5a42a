//! `PUT /me/totp`: the first code of an authenticator, from which on codes are asked for.

use accounts::{AuthMethod, SealedTotp, ThrottleKey, Timestamp, TotpCode, UserId};
use api::{AskedLanguage, Enroller, Error, Event, Fields, Gateway, note};
use axum::Json;
use axum::extract::State;
use tables::{FactorChange, FactorKind, FactorWrite, NoticeKind, PendingTotp};

use crate::App;
use crate::enrol::Enrolled;
use crate::recovery_codes::NewCodes;

/// Every other session ends: whoever is signed in there has shown no second factor. The code has
/// counted, and signs nobody in.
pub(crate) async fn confirm(
    State(app): State<App>,
    enroller: Enroller,
    gateway: Gateway,
    language: AskedLanguage,
    mut fields: Fields,
) -> Result<Json<Enrolled>, Error> {
    let code = fields.required("code", TotpCode::parse);
    let code = fields.finish(code)?;
    let (user, now) = (&enroller.user, api::now());
    app.check_may_add(user)?;
    let pending = app.pending(user.id, &gateway, now).await?;
    let step = app.step_of(&code, user.id, &pending, now).await?;

    let enrolled = user.with_factor(user.ways_in.clone().with_totp(), now);
    let enrolled = enrolled.without_sessions();
    let codes = NewCodes::generate(user.id, now)?;
    let next = app.next(&enroller, &enrolled, now).await?;
    let kind = NoticeKind::FactorAdded(FactorKind::Totp);
    let notice = app.notice((&gateway, language), user, kind, now)?;
    let session = enroller.session.as_ref();
    let raised = session.map(|session| session.raised(AuthMethod::OTP, now));
    let change = FactorChange {
        old: user,
        new: &enrolled,
        by: enroller.by(),
        raised: raised.as_ref(),
        writes: &[
            FactorWrite::ActivateTotp {
                pending: &pending,
                step,
                now,
            },
            FactorWrite::PutRecoveryCodes(&codes.stored),
        ],
        notice: app.ordered(notice.as_ref()),
    };
    app.accounts.change_factors(&app.factors, change).await?;
    note(Event::FactorEnrolled);
    note(Event::RecoveryCodesMade);
    note(Event::SessionsEnded);
    Ok(Json(Enrolled {
        recovery_codes: codes.texts,
        next,
    }))
}

impl App {
    /// The secret that waits for its first code. An attempt is taken from the allowance of second
    /// factors, or a code could be found by trying all of them.
    async fn pending(
        &self,
        user_id: UserId,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<PendingTotp, Error> {
        let key = ThrottleKey::mfa(user_id, &gateway.device);
        let (wait, totp) = tokio::join!(
            self.throttles.take(&key, self.settings.codes, now),
            self.factors.totp(user_id),
        );
        Error::check_wait(wait?)?;
        let pending = totp?.and_then(|totp| totp.pending);
        pending
            .filter(|pending| now < pending.expires_at)
            .ok_or(Error::NotPossible(NONE_WAITS))
    }

    async fn step_of(
        &self,
        code: &TotpCode,
        user_id: UserId,
        pending: &PendingTotp,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let sealed = SealedTotp::from_stored(&pending.secret);
        let sealed = sealed.ok_or_else(|| Error::internal("the sealed secret is malformed"))?;
        let secret = self.factor_keys.open(user_id, &sealed, now).await?;
        secret.step_of(code, now).ok_or(Error::InvalidSecondFactor)
    }
}

const NONE_WAITS: &str =
    "No secret waits for its first code, or it has waited too long: ask for another one";
