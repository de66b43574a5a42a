//! Imitates the writes of a later release: everything that it wrote itself, and beside it
//! what it does not know.

use std::path::Path;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::base64;
use claims::{PrivateKey, Typ};
use keyring::{LocalSealer, Purpose};
use serde_json::{Value, json};

use super::{Item, Release};

/// The name of attributes and members that the release does not know.
pub(super) const LATER: &str = "later";

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// A value of all kinds at once.
pub(super) fn value() -> AttributeValue {
    let list = AttributeValue::L(vec![AttributeValue::N("1".to_owned()), text("two")]);
    let bytes = AttributeValue::B(Blob::new([0, 255]));
    AttributeValue::M([("list".to_owned(), list), ("bytes".to_owned(), bytes)].into())
}

fn push(item: &mut Item, list: &str, name: &str) {
    let Some(AttributeValue::L(list)) = item.get_mut(list) else {
        panic!("the item has no {list}");
    };
    list.push(text(name));
}

impl Release {
    /// The same as the release after it may have written it.
    ///
    /// # Panics
    ///
    /// If a fixture is not what a release writes.
    #[must_use]
    pub fn with_unknown(&self) -> Self {
        let mut later = self.clone();
        later.access_token = self.with_unknown_claim();
        for item in later.tables.values_mut().flatten() {
            item.insert(LATER.to_owned(), value());
        }
        later.mails.add_unknown();
        let mut item = |table: &str, change: &dyn Fn(&mut Item)| {
            let items = later.tables.get_mut(table).expect("a table");
            items.iter_mut().for_each(change);
        };
        item("UsersTable", &|user| push(user, "roles", "later:role"));
        for table in ["UsersTable", "LoginsTable"] {
            item(table, &|of_account| {
                for list in ["factors", "ways"] {
                    if of_account.contains_key(list) {
                        push(of_account, list, LATER);
                    }
                }
            });
        }
        item("SessionsTable", &|session| push(session, "methods", LATER));
        item("KeysTable", &|ring| {
            with_unknown_keys(ring, "keys", "sealed_keys", &signing_keys());
            with_unknown_keys(ring, "mac_keys", "sealed_mac_keys", &mac_keys());
            with_unknown_keys(ring, "factor_keys", "sealed_factor_keys", &factor_keys());
        });
        let factors = later.tables.get_mut("FactorsTable").expect("a table");
        let mut of_later_kind = factors[0].clone();
        of_later_kind.insert("id".to_owned(), text("later#1"));
        factors.push(of_later_kind);
        later
    }

    fn with_unknown_claim(&self) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("sealing.key");
        std::fs::write(&file, &self.sealing_key).expect("a file");
        let key = self.signing_key(&file);
        let payload = self.access_token.split('.').nth(1).expect("a payload");
        let payload = payload.replace('-', "+").replace('_', "/");
        let padding = "=".repeat(payload.len().wrapping_neg() % 4);
        let payload = base64::decode(payload + &padding).expect("base64");
        let mut claims: Value = serde_json::from_slice(&payload).expect("JSON");
        claims[LATER] = json!({ "list": [1, "two"] });
        claims["roles"] = json!(["admin", "later:role"]);
        let signed = key.sign_as(Typ::ACCESS_TOKEN, &claims);
        signed.expect("a token")
    }

    fn signing_key(&self, sealing_key: &Path) -> PrivateKey {
        let sealer = LocalSealer::open(sealing_key).expect("a sealing key");
        let Some(AttributeValue::M(sealed)) = self.ring().get("sealed_keys") else {
            panic!("the ring has no sealed keys");
        };
        let (kid, sealed) = sealed.iter().next().expect("a key");
        let sealed = sealed.as_b().expect("bytes").as_ref();
        let pkcs8 = sealer.unseal(Purpose::Sign, kid, sealed);
        let keys = super::kept::list(self.ring(), "keys");
        let algorithm = keys[0]["jwk"]["alg"].as_str().expect("an algorithm");
        let algorithm = algorithm.parse().expect("a known algorithm");
        PrivateKey::from_pkcs8(algorithm, &pkcs8.expect("an open key")).expect("a key")
    }
}

/// Adds members to the keys of a list, and keys of other kinds to the list.
fn with_unknown_keys(ring: &mut Item, name: &str, sealed: &str, others: &[Value]) {
    let mut list = super::kept::list(ring, name);
    for entry in &mut list {
        entry[LATER] = json!({ "list": [1, "two"] });
        if entry["jwk"].is_object() {
            entry["jwk"][LATER] = json!("a member");
        }
    }
    list.extend_from_slice(others);
    ring.insert(name.to_owned(), text(&Value::from(list).to_string()));
    let Some(AttributeValue::M(sealed)) = ring.get_mut(sealed) else {
        panic!("the ring has no {sealed}");
    };
    for other in others {
        let id = super::kept::id(other).to_owned();
        sealed.insert(
            id,
            AttributeValue::B(Blob::new("sealed by a later version")),
        );
    }
}

/// An algorithm and a type that nothing here knows; an algorithm that the library knows and nothing
/// here uses; a key for something else; no key at all. All of them came before those of the ring.
fn signing_keys() -> [Value; 4] {
    let key = |jwk: Value| json!({ "jwk": jwk, "published_at": 1, "signs_from": 2, "way": "new" });
    [
        key(
            json!({ "kty": "AKP", "alg": "ML-DSA-65", "use": "sig", "kid": "later-1", "pub": "AA" }),
        ),
        key(json!({
            "kty": "EC", "crv": "P-384", "alg": "ES384", "use": "sig", "kid": "later-2",
            "x": "AAAA", "y": "AAAA",
        })),
        key(json!({
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "enc", "kid": "later-3",
            "x": "AAAA",
        })),
        json!({ "kind": "later", "id": "later-4" }),
    ]
}

fn mac_keys() -> [Value; 2] {
    [
        json!({ "id": "later-5", "alg": "HS512", "signs_from": 2, "way": "new" }),
        json!({ "kind": "later", "id": "later-6" }),
    ]
}

fn factor_keys() -> [Value; 2] {
    [
        json!({ "id": "later-7", "alg": "A512GCM", "seals_from": 2, "way": "new" }),
        json!({ "kind": "later", "id": "later-8" }),
    ]
}
