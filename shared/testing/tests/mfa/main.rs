//! The second step of a sign-in, and the same again in a session: as the owner of an account takes
//! it, and as strangers try.

#![cfg(test)]

mod budget;
mod codes;
mod faults;
mod limits;
mod lock;
mod meanwhile;
mod passkey;
mod races;
mod recovery;
mod sealing;
mod step_up;
mod tokens;

use std::collections::{BTreeSet, HashMap};

use accounts::{SessionId, UserId};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tables::{Factors, Sessions};
use testing::authenticator::Authenticator;
use testing::letters::Received;
use testing::{Answer, Client, PASSWORD, Session, Stack, number};

type Item = HashMap<String, AttributeValue>;

/// The address of the account of these tests.
pub(crate) const ADA: &str = "ada@example.com";

/// The longest window: the most that a test may take.
pub(crate) const WINDOW: (&str, &str) = ("THROTTLE_WINDOW", "600");

/// A deployment, and an account with an authenticator.
pub(crate) struct World {
    pub(crate) stack: Stack,
    pub(crate) api: Client,
    /// The session that has enrolled it.
    pub(crate) session: Session,
    pub(crate) app: Authenticator,
    pub(crate) recovery_codes: Vec<String>,
}

impl World {
    /// One without limits on attempts.
    pub(crate) async fn start() -> Self {
        Self::of(Stack::unthrottled_with_mail().await).await
    }

    /// One with limits, some of them set to something else.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let variables: Vec<_> = [WINDOW].iter().chain(variables).copied().collect();
        Self::of(Stack::with_mail(&variables).await).await
    }

    async fn of(stack: Stack) -> Self {
        let api = stack.api();
        let session = api.sign_up_with_address("ada").await;
        stack.prove_address("ada").await;
        let (app, recovery_codes) = session.enrol().await;
        let world = Self {
            stack,
            api,
            session,
            app,
            recovery_codes,
        };
        world.forget_the_last_code().await;
        world
    }

    /// Puts the last code that counted far into the past, as the passing of time would.
    pub(crate) async fn forget_the_last_code(&self) {
        self.set("last_step", number(0)).await;
    }

    /// Has keys of the ring begin their turns at other times, the first of a list at the first. Only
    /// an environment that has not read the ring yet knows.
    pub(crate) async fn retime_keys(&self, list: &str, member: &str, times: &[u64]) {
        let ring = self.stack.items("KeysTable").await.remove(0);
        let mut keys: Value = serde_json::from_str(ring[list].as_s().unwrap()).unwrap();
        for (n, time) in times.iter().enumerate() {
            assert!(keys[n][member].is_u64(), "{keys}");
            keys[n][member] = json!(time);
        }
        let update = self.stack.engine.client().update_item();
        let update = update.table_name("KeysTable").key("id", ring["id"].clone());
        let update = update.update_expression("SET #list = :list");
        let update = update.expression_attribute_names("#list", list);
        let keys = AttributeValue::S(keys.to_string());
        let update = update.expression_attribute_values(":list", keys);
        update.send().await.unwrap();
    }

    /// Sets an attribute of the item of the authenticator.
    pub(crate) async fn set(&self, attribute: &str, value: AttributeValue) {
        let key = self.totp().await.into_iter();
        let key = key.filter(|(name, _)| ["user_id", "id"].contains(&name.as_str()));
        let update = self.stack.engine.client().update_item();
        let update = update
            .table_name("FactorsTable")
            .set_key(Some(key.collect()));
        let update = update.update_expression("SET #attribute = :value");
        let update = update.expression_attribute_names("#attribute", attribute);
        let update = update.expression_attribute_values(":value", value);
        update.send().await.unwrap();
    }

    /// The item of the authenticator.
    pub(crate) async fn totp(&self) -> Item {
        let items = self.stack.items("FactorsTable").await.into_iter();
        let mut totp = items.filter(|item| item["id"].as_s().unwrap() == "totp");
        totp.next().unwrap()
    }

    /// Deletes the item of the authenticator alone, as the restore of a backup would.
    pub(crate) async fn lose_the_authenticator(&self) {
        let key = self.totp().await.into_iter();
        let key = key.filter(|(name, _)| ["user_id", "id"].contains(&name.as_str()));
        let delete = self.stack.engine.client().delete_item();
        let delete = delete
            .table_name("FactorsTable")
            .set_key(Some(key.collect()));
        delete.send().await.unwrap();
    }

    /// The session that has enrolled it, as it is stored.
    pub(crate) async fn stored_session(&self) -> accounts::Session {
        let environment = self.stack.environment();
        let (users, sessions) = (
            environment.users().unwrap(),
            environment.sessions().unwrap(),
        );
        let claims = self.stack.claims(&self.session.access_token);
        let user_id = UserId::parse(&claims.sub).unwrap();
        let id = SessionId::parse(&claims.sid).unwrap();
        let found = sessions.get_with_user(&users, user_id, id).await;
        found.unwrap().unwrap().0
    }

    /// The tables that a code of the account changes.
    pub(crate) fn tables(&self) -> (Factors, Sessions) {
        let environment = self.stack.environment();
        let (factors, sessions) = (environment.factors(), environment.sessions());
        (factors.unwrap(), sessions.unwrap())
    }

    /// The wrong codes in a row.
    pub(crate) async fn failures(&self) -> u64 {
        let totp = self.totp().await;
        totp["failures"].as_n().unwrap().parse().unwrap()
    }

    /// The number of stored sessions.
    pub(crate) async fn sessions(&self) -> usize {
        self.stack.items("SessionsTable").await.len()
    }

    /// Logs in with the password, and returns the `mfa_token` of the answer.
    pub(crate) async fn mfa_token(&self) -> String {
        mfa_token(&self.api.login("ada", PASSWORD).await)
    }

    /// Takes both steps of a sign-in, the second by the present code.
    pub(crate) async fn sign_in(&self) -> Answer {
        let token = self.mfa_token().await;
        show(&self.api, &token, &self.app.code()).await
    }

    /// Codes that the authenticator does not show these minutes, each another.
    pub(crate) fn wrong_codes(&self) -> impl Iterator<Item = String> + use<> {
        let shown: BTreeSet<_> = (-4..=10).map(|steps| self.app.code_in(steps)).collect();
        let all = (0..1_000_000).map(|number| format!("{number:06}"));
        all.filter(move |code| !shown.contains(code))
    }

    /// Shows a wrong code.
    pub(crate) async fn guess(&self) -> Answer {
        let token = self.mfa_token().await;
        let wrong = self.wrong_codes().next().unwrap();
        show(&self.api, &token, &wrong).await
    }

    /// The notices that the owner got, by their subjects.
    pub(crate) async fn notices(&self) -> Vec<String> {
        let letters = self.stack.letters(ADA).await.into_iter();
        let notices = letters.filter(|letter: &Received| letter.purpose == "notice");
        notices.map(|notice| notice.letter.subject).collect()
    }
}

/// The token of an answer that asks for a second factor.
pub(crate) fn mfa_token(answer: &Answer) -> String {
    assert_eq!(refusal(answer), (403, json!("mfa_required")));
    answer.json()["mfa_token"].as_str().unwrap().to_owned()
}

/// Shows a code of the app.
pub(crate) async fn show(api: &Client, mfa_token: &str, code: &str) -> Answer {
    let body = json!({ "mfa_token": mfa_token, "code": code });
    api.post("/login/mfa", &body).await
}

/// Shows a recovery code.
pub(crate) async fn recover(api: &Client, mfa_token: &str, code: &str) -> Answer {
    let body = json!({ "mfa_token": mfa_token, "recovery_code": code });
    api.post("/login/mfa", &body).await
}

/// The status of a problem and its code.
pub(crate) fn refusal(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["error"].clone())
}

/// The answer to a code that is wrong or was used.
pub(crate) fn invalid_code() -> (u16, Value) {
    (400, json!("invalid_code"))
}

/// The answer to an `mfa_token` that is none, or not any more.
pub(crate) fn invalid_grant() -> (u16, Value) {
    (401, json!("invalid_grant"))
}

/// Networks, each with an address of its own.
pub(crate) fn networks(api: &Client, count: usize) -> Vec<Client> {
    let address = |n| format!("2001:db8:{n:x}::1");
    (0..count).map(|n| api.at_address(&address(n))).collect()
}
