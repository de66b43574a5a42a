//! An authenticator app, by a library that others wrote.

use accounts::{TotpSecret, User};
use api::FactorKeys;
use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};
use tables::{By, PendingTotp};
use totp_rs::{Builder, Secret, Totp};

use crate::{Answer, Session, Stack};

/// The seconds of a step.
const STEP: u64 = 30;

/// An authenticator app with one secret.
#[derive(Clone, Debug)]
pub struct Authenticator(Totp);

impl Authenticator {
    /// One that was given the secret as text.
    ///
    /// # Panics
    ///
    /// If the text is not 20 bytes of base32.
    pub fn of(base32: &str) -> Self {
        let bytes = BASE32_NOPAD.decode(base32.as_bytes()).expect("base32");
        let bytes: [u8; 20] = bytes.try_into().expect("20 bytes");
        let totp = Builder::new().with_secret(Secret::new_stack(bytes)).build();
        Self(totp.expect("SHA-1, six digits and 30 seconds"))
    }

    /// One that was given the secret in an answer of `POST /me/totp`.
    ///
    /// # Panics
    ///
    /// If the answer has none.
    pub fn offered(answer: &Answer) -> Self {
        assert_eq!(answer.status, 201, "{}", answer.json());
        Self::of(answer.json()["secret"].as_str().expect("a secret"))
    }

    /// The code that it shows now.
    pub fn code(&self) -> String {
        self.0.generate(api::now()).to_string()
    }

    /// The code that it shows so many steps from now, or before now.
    pub fn code_in(&self, steps: i64) -> String {
        let present = api::now() / STEP;
        let step = present.saturating_add_signed(steps);
        self.0.generate(step * STEP).to_string()
    }
}

impl Session {
    /// Enrols an authenticator by the routes of the API, and returns it with the recovery codes. Its
    /// present code has counted.
    ///
    /// # Panics
    ///
    /// If the API refuses it.
    pub async fn enrol(&self) -> (Authenticator, Vec<String>) {
        let offered = self.post("/me/totp", &Value::Null).await;
        let authenticator = Authenticator::offered(&offered);
        let code = json!({ "code": authenticator.code() });
        let confirmed = self.put("/me/totp", &code).await;
        assert_eq!(confirmed.status, 200, "{}", confirmed.json());
        let codes = confirmed.json()["recovery_codes"].clone();
        let codes = serde_json::from_value(codes).expect("recovery codes");
        (authenticator, codes)
    }
}

impl Stack {
    /// Has a secret wait for its first code at an account, as if the account had been offered it.
    ///
    /// # Panics
    ///
    /// Where there is no factor key, or the secret is not stored.
    pub async fn offer(&self, user: &User) -> Authenticator {
        let (environment, now) = (self.environment(), api::now());
        let secret = TotpSecret::generate().expect("randomness");
        let keys = FactorKeys::new(&environment).expect("factor keys");
        let sealed = keys.seal(user.id, &secret, now).await;
        let pending = PendingTotp {
            secret: sealed.expect("a factor key").to_bytes(),
            expires_at: now + 600,
        };
        let factors = environment.factors().expect("the table");
        let stored = factors.put_pending(user.id, &pending).await;
        stored.expect("the secret is stored");
        Authenticator::of(&secret.to_base32())
    }

    /// Gives an account the way in by a passkey, of which there is none.
    ///
    /// # Panics
    ///
    /// Where the account has changed.
    pub async fn give_passkey(&self, user: &User) {
        let accounts = self.environment().accounts().expect("the tables");
        let given = user.with_ways_in(user.ways_in.clone().with_passkey());
        let changed = accounts.change(user, &given, By::Operator, None).await;
        changed.expect("the account is as it was read");
    }
}
