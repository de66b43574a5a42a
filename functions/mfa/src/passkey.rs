//! The verification of the answer of a passkey.

use accounts::{MacKeys, Timestamp, UserId};
use api::{Error, Event, Feature, Gateway, PasskeyVerifier, ProvenPasskey, note};
use tables::SessionChange;

use crate::App;
use crate::shown::Shown;

/// A request that shows a passkey.
pub(crate) struct PasskeyAttempt<'a> {
    /// Whose it must be.
    pub(crate) user_id: UserId,
    /// The answer of the passkey, as its JSON.
    pub(crate) answer: &'a str,
    pub(crate) gateway: &'a Gateway,
    pub(crate) macs: &'a MacKeys,
    pub(crate) now: Timestamp,
}

impl App {
    /// Refuses a passkey where there are none, before anything else of the request counts.
    pub(crate) fn check_feature(&self, shown: &Shown) -> Result<(), Error> {
        match shown {
            Shown::Code(_) => Ok(()),
            Shown::Passkey(_) => self.passkeys().map(drop),
        }
    }

    fn passkeys(&self) -> Result<&PasskeyVerifier, Error> {
        let passkeys = self.passkeys.as_deref();
        passkeys.ok_or(Error::FeatureDisabled(Feature::Passkeys))
    }

    /// Verifies an answer. That of another account's passkey is refused before anything is read. No
    /// allowance is taken: nobody guesses a signature.
    pub(crate) async fn verify(
        &self,
        attempt: &PasskeyAttempt<'_>,
    ) -> Result<ProvenPasskey, Error> {
        let verified = async {
            let passkeys = self.passkeys()?;
            let shown = passkeys.read(attempt.answer, attempt.macs, attempt.now)?;
            if shown.user_id() != attempt.user_id {
                return Err(Error::InvalidCredentials);
            }
            passkeys.verify(shown, attempt.gateway, attempt.now).await
        };
        verified.await.inspect_err(note_refusal)
    }

    /// Writes the effect of an answer. Of any number of requests with the same one, one succeeds.
    pub(crate) async fn spend(
        &self,
        proven: ProvenPasskey,
        change: SessionChange<'_>,
    ) -> Result<(), Error> {
        let spent = self.passkeys()?.spend(proven, change).await;
        spent.inspect_err(note_refusal)
    }
}

/// Notes that a second factor was refused, beside the event of the answer.
fn note_refusal(error: &Error) {
    let is_refused = matches!(
        error,
        Error::PasskeyRefused(_) | Error::UnknownCredential | Error::InvalidCredentials
    );
    if is_refused {
        note(Event::MfaFailed);
    }
}
