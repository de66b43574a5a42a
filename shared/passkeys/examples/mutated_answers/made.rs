//! Right answers, and the verdict of this crate.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fastrand::Rng;
use passkeys::{Account, Assertion, Passkey, Refused, Registration, RelyingParty};
use serde_json::{Value, json};
use testing::passkey::{self as soft, BE, BS, ED_DSA, ES256, RS256, UP, UV};

pub(crate) const CHALLENGE: &[u8; 49] = &[7; 49];
const RP_ID: &str = "example.com";
const ORIGIN: &str = "https://app.example.com";

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Ceremony {
    Registration,
    Assertion,
}

/// An answer in its parts. They are put together, and signed, when it is judged.
pub(crate) struct Answer {
    pub(crate) ceremony: Ceremony,
    /// The index of its passkey.
    passkey: usize,
    /// The passkey as it is stored.
    stored: Passkey,
    pub(crate) client_data: Vec<u8>,
    pub(crate) authenticator_data: Vec<u8>,
    /// The attestation object, where it is another than that around the authenticator data.
    pub(crate) object: Option<Vec<u8>>,
    /// The changes of the text around all of it.
    pub(crate) frame: Vec<crate::frame::Change>,
}

/// The passkeys, of each algorithm one.
pub(crate) struct Maker {
    party: RelyingParty,
    passkeys: Vec<(soft::Passkey, Passkey)>,
}

impl Maker {
    pub(crate) fn new(random: &mut Rng) -> Self {
        let party = RelyingParty::new(RP_ID, &[ORIGIN]).expect("a relying party");
        let account = Account {
            handle: &[3; 16],
            name: "ada",
        };
        let options = party.creation_options(account, CHALLENGE, []);
        let options = serde_json::to_value(options).expect("JSON");
        let made = [ED_DSA, ES256, RS256].map(|algorithm| {
            let mut passkey = soft::Passkey::new(algorithm, RP_ID, ORIGIN);
            passkey.sign_count = random.u32(0..3);
            let answer = passkey.register(&options).to_string();
            let answer = Registration::parse(&answer).expect("a right answer");
            let stored = party.register(&answer, CHALLENGE).expect("a right answer");
            (passkey, stored)
        });
        Self {
            party,
            passkeys: made.into(),
        }
    }

    /// A right answer.
    pub(crate) fn answer(&mut self, random: &mut Rng) -> Answer {
        let index = random.usize(0..self.passkeys.len());
        let (passkey, stored) = &mut self.passkeys[index];
        let mut stored = stored.clone();
        stored.backup_eligible = random.u8(0..4) == 0;
        passkey.flags = UP | UV | if stored.backup_eligible { BE } else { 0 };
        if stored.backup_eligible && random.bool() {
            passkey.flags |= BS;
        }
        if stored.sign_count > 0 {
            passkey.sign_count = stored.sign_count + 1;
        }
        let ceremony = if random.bool() {
            Ceremony::Registration
        } else {
            Ceremony::Assertion
        };
        let challenge = json!({ "challenge": URL_SAFE_NO_PAD.encode(CHALLENGE) });
        let (r#type, authenticator_data) = match ceremony {
            Ceremony::Registration => ("webauthn.create", passkey.attested_data()),
            Ceremony::Assertion => ("webauthn.get", passkey.authenticator_data()),
        };
        Answer {
            ceremony,
            passkey: index,
            stored,
            client_data: passkey.client_data(r#type, &challenge),
            authenticator_data,
            object: None,
            frame: Vec::new(),
        }
    }

    /// Returns the line of an answer.
    pub(crate) fn judge(&self, answer: &Answer) -> Value {
        let text = self.text(answer);
        let (kind, verdict) = match answer.ceremony {
            Ceremony::Registration => ("registration", self.register(&text).map(|()| false)),
            Ceremony::Assertion => ("assertion", self.assert(&text, &answer.stored)),
        };
        let (rule, stale) = match verdict {
            Ok(stale) => (None, stale),
            Err(rule) => (Some(rule.name()), false),
        };
        let (passkey, _) = &self.passkeys[answer.passkey];
        json!({
            "ceremony": kind,
            "answer": text,
            "rule": rule,
            // It signs in here, for the passkey is synced: the other is shown no count.
            "stale": stale,
            "challenge": URL_SAFE_NO_PAD.encode(CHALLENGE),
            "origin": ORIGIN,
            "rpId": RP_ID,
            "credential": {
                "id": answer.stored.id.to_string(),
                "publicKey": URL_SAFE_NO_PAD.encode(passkey.public_key()),
                "counter": answer.stored.sign_count,
            },
        })
    }

    fn text(&self, answer: &Answer) -> String {
        let (passkey, _) = &self.passkeys[answer.passkey];
        let mut whole = match answer.ceremony {
            Ceremony::Registration => {
                let own = soft::attestation(&answer.authenticator_data);
                let object = answer.object.as_ref().unwrap_or(&own);
                passkey.registration(&answer.client_data, object)
            }
            Ceremony::Assertion => {
                passkey.assertion(&answer.client_data, &answer.authenticator_data)
            }
        };
        for change in &answer.frame {
            change.to_value(&mut whole);
        }
        let text = whole.to_string();
        answer
            .frame
            .iter()
            .fold(text, |text, change| change.to_text(text))
    }

    fn register(&self, text: &str) -> Result<(), Refused> {
        let answer = Registration::parse(text)?;
        self.party.register(&answer, CHALLENGE).map(drop)
    }

    fn assert(&self, text: &str, stored: &Passkey) -> Result<bool, Refused> {
        let answer = Assertion::parse(text)?;
        let asserted = self.party.assert(&answer, CHALLENGE, stored)?;
        Ok(asserted.is_stale)
    }
}
