//! An issuer for each algorithm, which can also sign what no honest issuer would.

use std::sync::OnceLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair,
    RSA_PKCS1_SHA256, RsaEncoding, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use claims::{Algorithm, Claims, Expected, KeySet, PrivateKey, Rejected, TokenType};
use serde_json::{Value, json};

pub(crate) const NOW: u64 = 1_900_000_000;
pub(crate) const EXPECTED: Expected<'_> = Expected {
    issuer: "https://auth.example",
    audience: "latchkey",
};

/// A token that must be refused, and why.
pub(crate) struct Forgery {
    pub(crate) name: String,
    pub(crate) token: String,
    pub(crate) reason: Rejected,
}

impl Forgery {
    pub(crate) fn new(name: impl Into<String>, token: impl Into<String>, reason: Rejected) -> Self {
        Self {
            name: name.into(),
            token: token.into(),
            reason,
        }
    }
}

/// A key, and a verifier that knows this key alone.
pub(crate) struct Issuer {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: PrivateKey,
    pub(crate) set: KeySet,
    der: Vec<u8>,
}

/// The issuer of an algorithm: one for the whole run, because RSA keys are slow to make.
pub(crate) fn issuer(algorithm: Algorithm) -> &'static Issuer {
    static ISSUERS: [OnceLock<Issuer>; 3] = [const { OnceLock::new() }; 3];
    let place = Algorithm::ALL.iter().position(|other| *other == algorithm);
    ISSUERS[place.expect("ALL has every algorithm")].get_or_init(|| Issuer::new(algorithm))
}

pub(crate) fn claims() -> Claims {
    Claims {
        iss: EXPECTED.issuer.to_owned(),
        sub: "0198c0de-0000-7000-8000-000000000001".to_owned(),
        aud: EXPECTED.audience.to_owned(),
        client_id: "latchkey".to_owned(),
        exp: NOW + 900,
        iat: NOW,
        nbf: NOW,
        jti: "0198c0de-0000-7000-8000-000000000002".to_owned(),
        sid: "0198c0de-0000-7000-8000-000000000003".to_owned(),
        auth_time: NOW,
        acr: Some("aal1".to_owned()),
        amr: vec!["pwd".to_owned()],
        preferred_username: Some("someone".to_owned()),
        email_verified: Some(true),
        roles: vec!["admin".parse().expect("a name")],
        scope: "tokens:introspect users:read users:write".to_owned(),
        token_type: TokenType::Access,
        fresh: true,
    }
}

pub(crate) fn payload() -> Value {
    serde_json::to_value(claims()).expect("claims serialise")
}

/// An object with one member set, or removed if there is no value.
pub(crate) fn with(mut object: Value, member: &str, value: Option<Value>) -> Value {
    let members = object.as_object_mut().expect("an object");
    match value {
        Some(value) => members.insert(member.to_owned(), value),
        None => members.remove(member),
    };
    object
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("canonical base64url")
}

impl Issuer {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        let (key, der) = PrivateKey::generate(algorithm).expect("a key can be made");
        let set = KeySet::new([key.jwk().clone()]).expect("our own key is acceptable");
        Self {
            algorithm,
            key,
            set,
            der: der.to_vec(),
        }
    }

    pub(crate) fn verify(&self, token: &str, now: u64) -> Result<Claims, Rejected> {
        self.set.verify(token, &EXPECTED, now)
    }

    pub(crate) fn genuine(&self) -> String {
        self.key
            .sign(&claims())
            .expect("our own claims can be signed")
    }

    pub(crate) fn header(&self) -> Value {
        json!({ "alg": self.algorithm.as_str(), "kid": self.key.kid(), "typ": "at+jwt" })
    }

    /// A token with a genuine signature over this header and payload, whatever they are.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "most callers build the value in place"
    )]
    pub(crate) fn token(&self, header: impl ToString, payload: impl ToString) -> String {
        self.seal(&format!(
            "{}.{}",
            encode(header.to_string()),
            encode(payload.to_string())
        ))
    }

    /// Appends the genuine signature of a text.
    pub(crate) fn seal(&self, message: &str) -> String {
        format!("{message}.{}", encode(self.sign(message)))
    }

    pub(crate) fn sign(&self, message: &str) -> Vec<u8> {
        match self.algorithm {
            Algorithm::Rs256 => self.sign_rsa(&RSA_PKCS1_SHA256, message),
            Algorithm::Es256 => self.sign_ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING, message),
            Algorithm::EdDsa => {
                let pair = Ed25519KeyPair::from_pkcs8(&self.der).expect("our own key");
                pair.sign(message.as_bytes()).as_ref().to_vec()
            }
        }
    }

    pub(crate) fn sign_rsa(&self, padding: &'static dyn RsaEncoding, message: &str) -> Vec<u8> {
        let pair = RsaKeyPair::from_pkcs8(&self.der).expect("our own key");
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(
            padding,
            &SystemRandom::new(),
            message.as_bytes(),
            &mut signature,
        )
        .expect("RSA signs");
        signature
    }

    pub(crate) fn sign_ecdsa(
        &self,
        format: &'static EcdsaSigningAlgorithm,
        message: &str,
    ) -> Vec<u8> {
        let pair = EcdsaKeyPair::from_pkcs8(format, &self.der).expect("our own key");
        let signature = pair.sign(&SystemRandom::new(), message.as_bytes());
        signature.expect("ECDSA signs").as_ref().to_vec()
    }
}
