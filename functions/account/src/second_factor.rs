//! Whether a password asks for a second factor, by the choice of the owner: `PATCH /me`.

use accounts::{Timestamp, Way};
use api::{AskedLanguage, Caller, Error, Event, Gateway, UserAnswer, note};
use axum::Json;
use tables::{By, NoticeKind};

use crate::App;
use crate::patch::Rule;

/// A request for a change.
pub(crate) struct Change<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) gateway: &'a Gateway,
    pub(crate) language: AskedLanguage,
    pub(crate) now: Timestamp,
}

const NO_PASSKEY: &str =
    "The account has neither a passkey nor an authenticator app; add one first";
const TOTP_IS_ACTIVE: &str =
    "An authenticator app is asked for after the password as long as the account has one";

impl App {
    /// Every other session ends: it may have begun with less than the account asks for now.
    pub(crate) async fn set_second_factor(
        &self,
        change: &Change<'_>,
        rule: Rule,
    ) -> Result<Json<UserAnswer>, Error> {
        let Change { caller, now, .. } = *change;
        let (user, session) = (&caller.user, &caller.session);
        let wants = rule == Rule::Required;
        if user.ways_in.ask_for_factor() == wants {
            return Ok(Json(self.answers.of(user.clone())));
        }
        if wants && !user.ways_in.ways.contains(&Way::PASSKEY) {
            return Err(Error::NotPossible(NO_PASSKEY));
        }
        let ways_in = user.ways_in.clone().asking_for_passkey(wants);
        if ways_in.ask_for_factor() != wants {
            return Err(Error::NotPossible(TOTP_IS_ACTIVE));
        }
        self.take_change(session).await?;
        let changed = user.with_ways_in(ways_in).without_sessions();
        let notice = match rule {
            Rule::Required => None,
            Rule::Optional => {
                let kind = NoticeKind::SecondFactorOptional;
                self.notice((change.gateway, change.language), user, kind, now)?
            }
        };
        let (by, notice) = (By::Owner(session), self.ordered(notice.as_ref()));
        self.accounts.change(user, &changed, by, notice).await?;
        note(Event::SecondFactorRule);
        note(Event::SessionsEnded);
        Ok(Json(self.answers.of(changed)))
    }
}
