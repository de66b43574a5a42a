//! The proof of an identity by a passkey.

use std::sync::Arc;

use accounts::{
    Challenge, ChallengeUse, FailureLimit, MacKeys, SecondFactor, Status, ThrottleKey, Timestamp,
    User, UserId,
};
use passkeys::{
    Asserted, Assertion, CredentialId, Passkey, PublicData, Refused, RelyingParty, RequestOptions,
    TIMEOUT_MS,
};
use tables::{
    Factors, PasskeyRow, PasskeyUse, PasskeyUseError, SessionChange, Sessions, Throttles, Users,
};
use uuid::Uuid;

use crate::{ConfigError, Environment, Error, Event, Gateway, note, note_user};

/// Verifies the answers of passkeys, and stores their effect: for a sign-in, for the second step of
/// one, and for a session that is raised. One who has a passkey could do each of these with it.
#[derive(Debug)]
pub struct PasskeyVerifier {
    party: Arc<RelyingParty>,
    factors: Factors,
    users: Users,
    sessions: Sessions,
    throttles: Throttles,
    /// Failures of an address, of logins too.
    address: FailureLimit,
}

/// The answer of a passkey to a challenge of ours, not verified yet.
pub struct ShownPasskey {
    answer: Assertion,
    challenge: Challenge,
    user_id: UserId,
}

/// The answer of a passkey that was verified, and has had no effect yet.
pub struct ProvenPasskey {
    /// The account, as it is now.
    pub user: User,
    shown: ShownPasskey,
    row: PasskeyRow,
    asserted: Asserted,
    now: Timestamp,
}

/// Returns the options that ask for a passkey of anybody's. Nothing is stored for them.
///
/// # Errors
///
/// [`Error::Internal`] where no MAC key is active, or the random number generator fails.
pub fn passkey_request(
    party: &RelyingParty,
    macs: &MacKeys,
    now: Timestamp,
) -> Result<RequestOptions, Error> {
    let challenge = Challenge::issue(ChallengeUse::Login, macs, now)?;
    Ok(party.request_options(challenge.as_bytes()))
}

/// Returns a passkey as its row has it.
///
/// # Errors
///
/// [`Error::Internal`] where the row is damaged.
pub fn stored_passkey(row: &PasskeyRow) -> Result<Passkey, Error> {
    let id = CredentialId::parse(&row.credential_id);
    let public = PublicData::parse(&row.public);
    let (id, public) = id.zip(public).ok_or_else(|| Error::internal(DAMAGED))?;
    Ok(Passkey {
        id,
        public,
        sign_count: row.sign_count,
        backup_eligible: row.backup_eligible,
        backed_up: row.backed_up,
    })
}

const DAMAGED: &str = "the row of a passkey is damaged";

impl PasskeyVerifier {
    /// Builds a verifier from the environment: from `PASSKEY_RP_ID`, `PASSKEY_ORIGINS`,
    /// `FACTORS_TABLE`, `USERS_TABLE`, `SESSIONS_TABLE`, `THROTTLES_TABLE`, `ADDRESS_FAILURES` and
    /// `THROTTLE_WINDOW`; `None` where there are no passkeys.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn new(environment: &Environment) -> Result<Option<Self>, ConfigError> {
        let party = environment.relying_party()?;
        // Read either way: a variable that is missing is missed before there are passkeys.
        let (factors, users) = (environment.factors()?, environment.users()?);
        let (sessions, throttles) = (environment.sessions()?, environment.throttles()?);
        let address = environment.failure_limit("ADDRESS_FAILURES")?;
        Ok(party.map(|party| Self {
            party: Arc::new(party),
            factors,
            users,
            sessions,
            throttles,
            address,
        }))
    }

    /// For which domain passkeys are, and on which pages.
    pub fn party(&self) -> &RelyingParty {
        &self.party
    }

    /// Reads an answer, and whether it is to a challenge of ours that has not expired. Nothing else
    /// is believed of it, and nothing is called.
    ///
    /// # Errors
    ///
    /// [`Error::PasskeyRefused`]; [`Error::UnknownCredential`] where it names no user of ours.
    pub fn read(&self, json: &str, macs: &MacKeys, now: Timestamp) -> Result<ShownPasskey, Error> {
        let answer = Assertion::parse(json)?;
        let to = ChallengeUse::Login;
        let challenge = Challenge::verify(answer.challenge(), to, macs, now);
        let challenge = challenge.ok_or(Refused::Challenge)?;
        let handle = <[u8; 16]>::try_from(answer.user_handle());
        let handle = handle.map_err(|_| Error::UnknownCredential)?;
        Ok(ShownPasskey {
            answer,
            challenge,
            user_id: UserId::from_bytes(handle),
        })
    }

    /// Verifies an answer. The account must be active. A refusal counts against the address, and an
    /// address with too many is refused.
    ///
    /// # Errors
    ///
    /// [`Error::PasskeyRefused`], [`Error::UnknownCredential`], [`Error::InvalidCredentials`],
    /// [`Error::TooManyRequests`]; [`Error::Unavailable`] or [`Error::Internal`] where a table does
    /// not answer as it should.
    pub async fn verify(
        &self,
        shown: ShownPasskey,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<ProvenPasskey, Error> {
        let address = ThrottleKey::address(&gateway.device);
        let id = shown.answer.credential_id().to_string();
        let (found, blocked) = tokio::join!(
            self.factors
                .passkey_with_user(&self.users, shown.user_id, &id),
            self.throttles.blocked(&address, self.address, now),
        );
        Error::check_wait(blocked?)?;
        let judged = self.judge(shown, found?, now);
        let is_refused = matches!(
            judged,
            Err(Error::PasskeyRefused(_) | Error::UnknownCredential | Error::InvalidCredentials)
        );
        if is_refused {
            self.throttles.count(&address, self.address, now).await?;
        }
        judged
    }

    fn judge(
        &self,
        shown: ShownPasskey,
        found: Option<(PasskeyRow, User)>,
        now: Timestamp,
    ) -> Result<ProvenPasskey, Error> {
        let (row, user) = found.ok_or(Error::UnknownCredential)?;
        let asserted = self.assert(&shown, &row);
        // Either has the key of the passkey.
        if matches!(
            asserted,
            Ok(_) | Err(Error::PasskeyRefused(Refused::Cloned))
        ) {
            note_user(user.id);
        }
        let asserted = asserted?;
        if user.status != Status::Active {
            return Err(Error::InvalidCredentials);
        }
        Ok(ProvenPasskey {
            user,
            shown,
            row,
            asserted,
            now,
        })
    }

    fn assert(&self, shown: &ShownPasskey, row: &PasskeyRow) -> Result<Asserted, Error> {
        let stored = stored_passkey(row)?;
        let challenge = shown.challenge.as_bytes();
        Ok(self.party.assert(&shown.answer, challenge, &stored)?)
    }

    /// Writes the effect of an answer that was verified. Of any number of requests with the same
    /// one, one succeeds.
    ///
    /// # Errors
    ///
    /// [`Error::PasskeyRefused`] where the challenge was answered before, or a use meanwhile has a
    /// higher count; [`Error::UnknownCredential`] where the passkey was removed meanwhile;
    /// [`Error::InvalidToken`] where the session to raise has ended; [`Error::Unavailable`] or
    /// [`Error::Internal`] where a table does not answer as it should.
    pub async fn spend(
        &self,
        mut proven: ProvenPasskey,
        change: SessionChange<'_>,
    ) -> Result<(), Error> {
        let attempt = Uuid::new_v4().to_string();
        let row = match self.use_passkey(&proven, change, &attempt).await {
            // Two pages at once: the count of this one may still be the next.
            Err(PasskeyUseError::Changed(Some(row))) => row,
            outcome => return outcome.map(|()| proven.note()).map_err(refused),
        };
        proven.asserted = self.assert(&proven.shown, &row)?;
        proven.row = *row;
        let again = self.use_passkey(&proven, change, &attempt).await;
        again.map(|()| proven.note()).map_err(refused)
    }

    async fn use_passkey(
        &self,
        proven: &ProvenPasskey,
        change: SessionChange<'_>,
        attempt: &str,
    ) -> Result<(), PasskeyUseError> {
        let after = PasskeyRow {
            last_used_at: Some(proven.now),
            sign_count: proven.asserted.sign_count,
            backup_eligible: proven.asserted.backup_eligible,
            backed_up: proven.asserted.backed_up,
            ..proven.row.clone()
        };
        let factors = &proven.user.ways_in.factors;
        let used = PasskeyUse {
            user_id: proven.user.id,
            before: &proven.row,
            after: &after,
            challenge: &proven.shown.challenge,
            has_totp: factors.contains(&SecondFactor::TOTP),
            attempt,
            change,
        };
        self.factors
            .use_passkey(&self.throttles, &self.sessions, &used)
            .await
    }
}

impl ShownPasskey {
    /// The account that it claims to be of.
    pub fn user_id(&self) -> UserId {
        self.user_id
    }
}

impl ProvenPasskey {
    fn note(&self) {
        if self.asserted.is_stale {
            note(Event::PasskeyCountStale);
        }
        if self.asserted.has_changed {
            note(Event::PasskeyFlagsChanged);
        }
    }
}

fn refused(error: PasskeyUseError) -> Error {
    match error {
        PasskeyUseError::Answered => Refused::Challenge.into(),
        PasskeyUseError::Changed(None) => Error::UnknownCredential,
        PasskeyUseError::Changed(Some(_)) => Error::Unavailable(error.to_string()),
        PasskeyUseError::SessionEnded => Error::SESSION_ENDED,
        PasskeyUseError::Table(error) => error.into(),
    }
}

// A browser waits as long as a challenge may be answered.
const _: () = assert!(TIMEOUT_MS as u64 == Challenge::LIFE * 1_000);
