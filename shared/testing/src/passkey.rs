//! A passkey and the browser around it, for tests: it answers as it is told to, wrong ones too.

use accounts::{Challenge, ChallengeUse, User};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use passkeys::{Account, Registration, RelyingParty};
use serde_json::{Value, json};
use tables::{By, FactorChange, FactorWrite, PasskeyRow};

use crate::{Answer, Client, Session, Stack};

/// The key of a passkey.
enum Key {
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// A discoverable passkey, and the browser that answers with it. Its members are what an answer
/// says, so that a test can have it say anything.
pub struct Passkey {
    /// The id of the credential.
    pub id: Vec<u8>,
    /// The domain that it is for.
    pub rp_id: String,
    /// The origin of the page.
    pub origin: String,
    /// The account that it is of, once it was registered.
    pub user_handle: Vec<u8>,
    /// The flags of the authenticator data (WebAuthn Level 3, §6.1), without that of attested data.
    pub flags: u8,
    /// The count of signatures. A synced passkey does not count.
    pub sign_count: u32,
    key: Key,
}

/// The domain that the passkeys of a [`Stack`] are for.
pub const RP_ID: &str = "example.com";
/// The page that may use them.
pub const ORIGIN: &str = "https://app.example.com";
/// A page of another site that may use them too.
pub const RELATED_ORIGIN: &str = "https://example.net";

/// The user was present.
pub const UP: u8 = 1;
/// The user was verified.
pub const UV: u8 = 1 << 2;
/// The passkey may be backed up.
pub const BE: u8 = 1 << 3;
/// The passkey is backed up.
pub const BS: u8 = 1 << 4;
/// Attested data are included.
pub const AT: u8 = 1 << 6;
/// Extensions are included.
pub const ED: u8 = 1 << 7;

/// EdDSA with Ed25519.
pub const ED_DSA: i32 = -8;
/// ES256.
pub const ES256: i32 = -7;
/// RS256.
pub const RS256: i32 = -257;

impl Passkey {
    /// A passkey for that domain on a page of that origin, which is bound to its device.
    ///
    /// # Panics
    ///
    /// For an algorithm that is none of the three.
    pub fn new(algorithm: i32, rp_id: &str, origin: &str) -> Self {
        let mut id = vec![0; 32];
        rand::fill(&mut id).expect("the system has random numbers");
        let key = match algorithm {
            ED_DSA => Ed25519KeyPair::generate().map(Key::Ed25519),
            ES256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).map(Key::P256),
            RS256 => RsaKeyPair::generate(KeySize::Rsa2048).map(|key| Key::Rsa(Box::new(key))),
            _ => panic!("no passkey has this algorithm: {algorithm}"),
        };
        Self {
            id,
            rp_id: rp_id.to_owned(),
            origin: origin.to_owned(),
            user_handle: Vec::new(),
            flags: UP | UV,
            sign_count: 0,
            key: key.expect("the library makes keys"),
        }
    }

    /// A passkey of a browser on a page that may use those of a [`Stack`].
    pub fn of_stack() -> Self {
        Self::new(ED_DSA, RP_ID, ORIGIN)
    }

    /// Answers the options of a registration, as `toJSON()` has the answer.
    ///
    /// # Panics
    ///
    /// If the options are none.
    pub fn register(&mut self, options: &Value) -> Value {
        let handle = options["user"]["id"].as_str().expect("a user handle");
        self.user_handle = URL_SAFE_NO_PAD.decode(handle).expect("base64url");
        let client_data = self.client_data("webauthn.create", options);
        self.registration(&client_data, &attestation(&self.attested_data()))
    }

    /// Answers the options of a sign-in, as `toJSON()` has the answer. A passkey that counts counts
    /// on.
    pub fn sign_in(&mut self, options: &Value) -> Value {
        if self.sign_count > 0 {
            self.sign_count += 1;
        }
        let client_data = self.client_data("webauthn.get", options);
        self.assertion(&client_data, &self.authenticator_data())
    }

    /// Its id as text.
    pub fn id(&self) -> String {
        encode(&self.id)
    }

    /// Adds the passkey to the account of a session, and returns the answer.
    ///
    /// # Panics
    ///
    /// If the API gives no options.
    pub async fn enrol(&mut self, session: &Session, name: &str) -> Answer {
        let options = session.post("/me/passkeys/options", &json!({})).await;
        assert_eq!(options.status, 200, "{}", options.json());
        let credential = self.register(&options.json());
        let body = json!({ "credential": credential, "name": name });
        session.post("/me/passkeys", &body).await
    }

    /// Signs in with the passkey alone, and returns the answer.
    ///
    /// # Panics
    ///
    /// If the API gives no options.
    pub async fn log_in(&mut self, api: &Client) -> Answer {
        let options = api.post("/login/passkey/options", &json!({})).await;
        assert_eq!(options.status, 200, "{}", options.json());
        let credential = self.sign_in(&options.json());
        api.post("/login/passkey", &json!({ "credential": credential }))
            .await
    }

    /// Returns client data of that type for the challenge of the options.
    pub fn client_data(&self, r#type: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": r#type,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    /// Returns authenticator data with the new credential.
    pub fn attested_data(&self) -> Vec<u8> {
        let length = u16::try_from(self.id.len()).expect("an id is short");
        let mut data = self.header(self.flags | AT);
        data.extend([0; 16]);
        data.extend(length.to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        data
    }

    /// Returns the authenticator data of a sign-in.
    pub fn authenticator_data(&self) -> Vec<u8> {
        self.header(self.flags)
    }

    fn header(&self, flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.sign_count.to_be_bytes());
        data
    }

    /// Returns the answer to a registration with these parts.
    pub fn registration(&self, client_data: &[u8], attestation_object: &[u8]) -> Value {
        self.answer(&json!({
            "clientDataJSON": encode(client_data),
            "attestationObject": encode(attestation_object),
            "transports": ["internal", "hybrid"],
        }))
    }

    /// Returns the answer to a sign-in with these parts, signed.
    pub fn assertion(&self, client_data: &[u8], authenticator_data: &[u8]) -> Value {
        let hash = digest(&SHA256, client_data);
        let signature = self.sign(&[authenticator_data, hash.as_ref()].concat());
        self.answer(&json!({
            "clientDataJSON": encode(client_data),
            "authenticatorData": encode(authenticator_data),
            "signature": encode(&signature),
            "userHandle": encode(&self.user_handle),
        }))
    }

    fn answer(&self, response: &Value) -> Value {
        json!({
            "id": encode(&self.id),
            "rawId": encode(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        })
    }

    /// Returns a signature of the passkey.
    ///
    /// # Panics
    ///
    /// If the library does not sign.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            Key::Ed25519(key) => key.sign(message).as_ref().to_vec(),
            Key::P256(key) => {
                let signature = key.sign(&random, message).expect("a signature");
                signature.as_ref().to_vec()
            }
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                let signed = key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature);
                signed.expect("a signature");
                signature
            }
        }
    }

    /// Returns its public key in the form of COSE (RFC 9052 §7).
    ///
    /// # Panics
    ///
    /// If the library does not show it.
    pub fn public_key(&self) -> Vec<u8> {
        let bytes = |bytes: &[u8]| Cbor::Bytes(bytes.to_vec());
        let number = |number: i32| Cbor::from(number);
        let labels = match &self.key {
            Key::Ed25519(key) => vec![
                (1, number(1)),
                (3, number(ED_DSA)),
                (-1, number(6)),
                (-2, bytes(key.public_key().as_ref())),
            ],
            Key::P256(key) => {
                let point = key.public_key().as_ref();
                vec![
                    (1, number(2)),
                    (3, number(ES256)),
                    (-1, number(1)),
                    (-2, bytes(&point[1..33])),
                    (-3, bytes(&point[33..])),
                ]
            }
            Key::Rsa(key) => {
                let key = key.public_key();
                vec![
                    (1, number(3)),
                    (3, number(RS256)),
                    (-1, bytes(key.modulus().big_endian_without_leading_zero())),
                    (-2, bytes(key.exponent().big_endian_without_leading_zero())),
                ]
            }
        };
        let labels = labels.into_iter();
        cbor(&Cbor::Map(
            labels
                .map(|(label, value)| (number(label), value))
                .collect(),
        ))
    }
}

impl Stack {
    /// The options of a sign-in with a passkey.
    ///
    /// # Panics
    ///
    /// Where the ring cannot be read.
    pub async fn passkey_request(&self) -> Value {
        let challenge = self.challenge(ChallengeUse::Login).await;
        let options = self.relying_party().request_options(challenge.as_bytes());
        serde_json::to_value(options).expect("JSON")
    }

    /// The options of a new passkey of an account.
    ///
    /// # Panics
    ///
    /// Where the ring cannot be read.
    pub async fn passkey_creation(&self, user: &User) -> Value {
        let challenge = self.challenge(ChallengeUse::Registration(user.id)).await;
        let account = Account {
            handle: user.id.as_bytes(),
            name: "name",
        };
        let party = self.relying_party();
        let options = party.creation_options(account, challenge.as_bytes(), []);
        serde_json::to_value(options).expect("JSON")
    }

    /// Adds a passkey to an account, as it is now, and ends no session.
    ///
    /// # Panics
    ///
    /// Where the account has changed since it was read.
    pub async fn add_passkey(&self, user: &User) -> Passkey {
        let mut passkey = Passkey::of_stack();
        let options = self.passkey_creation(user).await;
        let answer = passkey.register(&options).to_string();
        let answer = Registration::parse(&answer).expect("a right answer");
        let stored = self.relying_party().register(&answer, answer.challenge());
        let stored = stored.expect("a right answer");
        let row = PasskeyRow {
            credential_id: stored.id.to_string(),
            name: "Phone".to_owned(),
            public: stored.public.to_text(),
            added_at: api::now(),
            last_used_at: None,
            sign_count: stored.sign_count,
            backup_eligible: stored.backup_eligible,
            backed_up: stored.backed_up,
        };
        let environment = self.environment();
        let accounts = environment.accounts().expect("the tables");
        let factors = environment.factors().expect("the table");
        let change = FactorChange {
            old: user,
            new: &user.with_ways_in(user.ways_in.clone().with_passkey()),
            by: By::Operator,
            raised: None,
            writes: &[FactorWrite::AddPasskey(&row)],
            notice: None,
        };
        let changed = accounts.change_factors(&factors, change).await;
        changed.expect("the account is as it was read");
        passkey
    }

    async fn challenge(&self, to: ChallengeUse) -> Challenge {
        let macs = self.mac_keys().await;
        Challenge::issue(to, &macs, api::now()).expect("a MAC key is active")
    }

    fn relying_party(&self) -> RelyingParty {
        let party = self.environment().relying_party();
        party.expect("it is right").expect("there are passkeys")
    }
}

/// Returns an attestation object that attests nothing (WebAuthn Level 3, §8.7).
pub fn attestation(authenticator_data: &[u8]) -> Vec<u8> {
    let text = |text: &str| Cbor::Text(text.to_owned());
    cbor(&Cbor::Map(vec![
        (text("fmt"), text("none")),
        (text("attStmt"), Cbor::Map(Vec::new())),
        (text("authData"), Cbor::Bytes(authenticator_data.to_vec())),
    ]))
}

/// Returns a value as CBOR.
///
/// # Panics
///
/// Never: memory is always written.
pub fn cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("memory is written");
    bytes
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
