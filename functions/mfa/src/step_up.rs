//! `POST /step-up`.

use api::{AccessAnswer, Caller, Error, Event, Fields, Gateway, note};
use axum::Json;
use axum::extract::State;
use tables::SessionChange;

use crate::passkey::PasskeyAttempt;
use crate::prove::Attempt;
use crate::shown::Shown;
use crate::{App, check_level};

/// The session goes on with its refresh token. The methods of the second factor and the time of its
/// proof are stored with it, so that the tokens of the next refresh name them too.
pub(crate) async fn step_up(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    mut fields: Fields,
) -> Result<Json<AccessAnswer>, Error> {
    let shown = Shown::of(&mut fields);
    let shown = fields.finish(shown)?;
    app.check_feature(&shown)?;
    let (user, session) = (&caller.user, &caller.session);
    if !user.ways_in.reach_aal2() {
        return Err(Error::NotPossible(
            "The account has no second factor; log in again",
        ));
    }

    let now = api::now();
    let sign_in = app.tokens.open(&gateway, now).await?;
    let raised = session.raised(shown.methods(), now);
    check_level(&sign_in, &raised)?;
    let change = SessionChange::Raise {
        before: session,
        after: &raised,
    };
    match &shown {
        Shown::Code(code) => {
            app.unseal_for(code, now).await?;
            app.take(user.id, None, &gateway, now).await?;
            let attempt = Attempt::new(user, &gateway, now);
            app.prove(&attempt, code, change).await?;
        }
        Shown::Passkey(answer) => {
            let attempt = PasskeyAttempt {
                user_id: user.id,
                answer,
                gateway: &gateway,
                macs: sign_in.macs(),
                now,
            };
            let proven = app.verify(&attempt).await?;
            app.spend(proven, change).await?;
        }
    }

    let answer = sign_in.raise(user, &raised)?;
    note(Event::SessionRaised);
    Ok(Json(answer))
}
