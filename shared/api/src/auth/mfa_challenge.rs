//! The answer between a first factor and a session.

use std::fmt;

use accounts::{
    Acr, MacKeys, Methods, MfaPurpose, MfaToken, Owner, SecondFactor, SessionId, Timestamp, Way,
    WaysIn,
};
use passkeys::{RelyingParty, RequestOptions};
use serde::Serialize;
use zeroize::Zeroizing;

use super::passkey_verifier::passkey_request;
use super::tokens::exposed;
use crate::{ConfigError, Environment, Error, MfaRequired};

/// The second factor that a sign-in needs before it has tokens: the members of its answer. `Debug`
/// shows the methods alone.
#[derive(Clone, Serialize)]
pub struct MfaChallenge {
    #[serde(serialize_with = "exposed")]
    mfa_token: Zeroizing<String>,
    /// Seconds.
    expires_in: u64,
    /// One of them is to be shown; if there is none, one is to be enrolled.
    methods: Vec<&'static str>,
    /// The options that ask for a passkey, where one is among the methods.
    #[serde(skip_serializing_if = "Option::is_none")]
    passkey: Option<RequestOptions>,
}

/// A first factor that was shown, and no session yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstFactor {
    /// Whose it is, at the epoch of the credentials that were verified.
    pub owner: Owner,
    /// The methods that were shown.
    pub methods: Methods,
    /// The session of the `device_token` that came with it.
    pub device: Option<SessionId>,
}

/// The rule which sign-ins need a second factor.
#[derive(Debug)]
pub struct MfaChallenges {
    required: MfaRequired,
    /// Nothing where there are no passkeys.
    party: Option<RelyingParty>,
}

impl Environment {
    /// The rule which sign-ins need a second factor: `MFA_REQUIRED`, and of passkeys
    /// `PASSKEY_RP_ID` and `PASSKEY_ORIGINS`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, or wrong.
    pub fn mfa_challenges(&self) -> Result<MfaChallenges, ConfigError> {
        Ok(MfaChallenges::new(
            self.mfa_required()?,
            self.relying_party()?,
        ))
    }

    /// The same for accounts that have no passkey, as new ones: `MFA_REQUIRED` alone.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or another word.
    pub fn first_mfa_challenges(&self) -> Result<MfaChallenges, ConfigError> {
        Ok(MfaChallenges::new(self.mfa_required()?, None))
    }
}

impl MfaChallenges {
    pub(crate) fn new(required: MfaRequired, party: Option<RelyingParty>) -> Self {
        Self { required, party }
    }

    /// Returns what a sign-in still needs; `None` where the first factor suffices. An account that
    /// must have a second factor and has none is to enrol one.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] where no MAC key is active, or the random number generator fails.
    pub fn after(
        &self,
        first: &FirstFactor,
        ways_in: &WaysIn,
        macs: &MacKeys,
        now: Timestamp,
    ) -> Result<Option<MfaChallenge>, Error> {
        let for_all = self.required == MfaRequired::All;
        let is_asked = for_all || ways_in.ask_for_factor();
        if !is_asked || first.methods.acr() >= Some(Acr::Aal2) {
            return Ok(None);
        }
        let purpose = if ways_in.reach_aal2() {
            MfaPurpose::SignIn
        } else {
            MfaPurpose::Enrol
        };
        let token = MfaToken {
            purpose,
            owner: first.owner,
            issued_at: now,
            methods: first.methods.clone(),
            device: first.device,
        };
        Ok(Some(MfaChallenge {
            mfa_token: token.to_text(macs)?,
            expires_in: purpose.life(),
            methods: self.methods(ways_in),
            passkey: self
                .party_of(ways_in)
                .map(|party| passkey_request(party, macs, now))
                .transpose()?,
        }))
    }

    /// The methods by which an account reaches the second level. Each has recovery codes beside it.
    fn methods(&self, ways_in: &WaysIn) -> Vec<&'static str> {
        let mut methods = Vec::new();
        if ways_in.factors.contains(&SecondFactor::TOTP) {
            methods.push("totp");
        }
        if self.party_of(ways_in).is_some() {
            methods.push("passkey");
        }
        if ways_in.reach_aal2() {
            methods.push("recovery_code");
        }
        methods
    }

    /// For which domain the passkeys of an account are, if it has any.
    fn party_of(&self, ways_in: &WaysIn) -> Option<&RelyingParty> {
        let party = self.party.as_ref();
        party.filter(|_| ways_in.ways.contains(&Way::PASSKEY))
    }
}

impl fmt::Debug for MfaChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MfaChallenge({:?})", self.methods)
    }
}

#[cfg(test)]
mod tests {
    use accounts::{AuthMethod, Challenge, ChallengeUse, Epoch, MacKey, MacKeyTimes, UserId};
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    use super::*;
    use MfaRequired::{Admins, All, Off};

    const NOW: Timestamp = 1_000;
    const ID: &str = "019f0000-0000-7000-8000-000000000001";

    fn macs() -> MacKeys {
        let times = MacKeyTimes {
            id: format!("{:016x}", 7),
            signs_from: 0,
            gone_at: None,
        };
        let key = MacKey::new(times, &[7; MacKey::LEN]).unwrap();
        [key].into_iter().collect()
    }

    fn first(methods: impl Into<Methods>) -> FirstFactor {
        FirstFactor {
            owner: Owner {
                user_id: UserId::parse(ID).unwrap(),
                epoch: Epoch::from(5),
            },
            methods: methods.into(),
            device: SessionId::parse(ID),
        }
    }

    fn after(required: MfaRequired, first: &FirstFactor, ways_in: &WaysIn) -> Option<Value> {
        let party = RelyingParty::new("example.com", &["https://example.com"]).unwrap();
        let challenges = MfaChallenges::new(required, Some(party));
        let challenge = challenges.after(first, ways_in, &macs(), NOW).unwrap()?;
        Some(serde_json::to_value(challenge).unwrap())
    }

    #[test]
    fn an_account_is_asked_for_what_it_has_and_for_what_everybody_must_have() {
        let none = WaysIn::default();
        let (totp, passkey) = (none.clone().with_totp(), none.clone().with_passkey());
        let both = totp.clone().with_passkey();
        let password = first(AuthMethod::PASSWORD);
        for (ways_in, off, all) in [
            (&none, None, Some(json!([]))),
            (&passkey, None, Some(json!(["passkey", "recovery_code"]))),
            (
                &totp,
                Some(json!(["totp", "recovery_code"])),
                Some(json!(["totp", "recovery_code"])),
            ),
            (
                &both,
                Some(json!(["totp", "passkey", "recovery_code"])),
                Some(json!(["totp", "passkey", "recovery_code"])),
            ),
        ] {
            for (required, methods) in [(Off, &off), (Admins, &off), (All, &all)] {
                let challenge = after(required, &password, ways_in);
                let asked = challenge.map(|challenge| challenge["methods"].clone());
                assert_eq!(asked, *methods, "{required:?} {ways_in:?}");
            }
        }
        let by_passkey = first(Methods::passkey());
        assert_eq!(after(All, &by_passkey, &totp), None, "it is enough");
    }

    #[test]
    fn whoever_has_a_passkey_gets_the_options_that_ask_for_it_where_there_are_passkeys() {
        let ways_in = WaysIn::default().with_totp().with_passkey();
        let first = first(AuthMethod::PASSWORD);
        let challenge = after(Off, &first, &ways_in).unwrap();
        let options = &challenge["passkey"];
        assert_eq!(options["rpId"], "example.com");
        let bytes = URL_SAFE_NO_PAD.decode(options["challenge"].as_str().unwrap());
        let to = ChallengeUse::Login;
        assert!(Challenge::verify(&bytes.unwrap(), to, &macs(), NOW).is_some());
        let without = after(Off, &first, &WaysIn::default().with_totp()).unwrap();
        assert_eq!(without.get("passkey"), None);
        let challenge = MfaChallenges::new(Off, None).after(&first, &ways_in, &macs(), NOW);
        let challenge = serde_json::to_value(challenge.unwrap()).unwrap();
        assert_eq!(challenge["methods"], json!(["totp", "recovery_code"]));
        assert_eq!(challenge.get("passkey"), None);
    }

    #[test]
    fn the_token_is_for_what_is_needed_and_carries_what_was_shown() {
        let (none, totp) = (WaysIn::default(), WaysIn::default().with_totp());
        for (ways_in, purpose, life) in [
            (none, MfaPurpose::Enrol, 600),
            (totp, MfaPurpose::SignIn, 300),
        ] {
            for method in [AuthMethod::PASSWORD, AuthMethod::FEDERATED] {
                let first = first(method);
                let challenge = after(All, &first, &ways_in).unwrap();
                assert_eq!(challenge["expires_in"], life);
                let text = challenge["mfa_token"].as_str().unwrap();
                let token = MfaToken::parse(text, purpose, &macs(), NOW).unwrap();
                assert_eq!(
                    (token.owner, token.methods, token.device),
                    (first.owner, first.methods, first.device)
                );
            }
        }
    }

    #[test]
    fn its_debug_shows_no_token() {
        let challenges = MfaChallenges::new(All, None);
        let ways_in = WaysIn::default().with_totp();
        let first = first(AuthMethod::PASSWORD);
        let challenge = challenges.after(&first, &ways_in, &macs(), NOW).unwrap();
        let shown = format!("{:?}", challenge.unwrap());
        assert_eq!(shown, r#"MfaChallenge(["totp", "recovery_code"])"#);
    }
}
