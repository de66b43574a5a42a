//! What is left of the items of a release.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;

use super::later::LATER;
use super::{Item, Release};
use crate::Stack;

/// The times of a key, which its life changes.
const TIMES: [&str; 3] = ["published_at", "signs_from", "gone_at"];

/// The proof that an account has its address.
const PROOF: &str = "email_verified";

impl Release {
    /// What this release has written, by its kind, and whether all of it is there. Attributes that
    /// it knows may have other values by now; those that it does not know may not.
    ///
    /// # Panics
    ///
    /// If the engine does not answer.
    pub async fn kept(&self, stack: &Stack) -> [(&'static str, bool); 9] {
        let (user, session) = (self.item("UsersTable"), self.item("SessionsTable"));
        let (login, ring) = (self.item("LoginsTable"), self.item("KeysTable"));
        let users = stack.items("UsersTable").await;
        let users = having(&users, user, "id");
        let sessions = stack.items("SessionsTable").await;
        let sessions = having(&sessions, session, "id");
        let logins = stack.items("LoginsTable").await;
        let logins = having(&logins, login, "user_id");
        let rings = stack.items("KeysTable").await;
        let rings = having(&rings, ring, "id");
        let all = |now: &[&Item], before: &Item, count| {
            now.len() == count && now.iter().all(|now| has_all(now, before))
        };
        let texts_of = |now: &[&Item], before: &Item, name| {
            let before = texts(before, name);
            now.iter().all(|now| texts(now, name).is_superset(&before))
        };
        let keys = |name, sealed| rings.iter().all(|now| has_keys(now, ring, name, sealed));
        [
            ("item of Users", all(&users, &without(user, PROOF), 1)),
            ("proof of the address", has_proof(&users, user)),
            ("item of Logins", all(&logins, login, 2)),
            ("item of Sessions", all(&sessions, session, 1)),
            ("item of Keys", all(&rings, ring, 1)),
            ("role", texts_of(&users, user, "roles")),
            ("method", texts_of(&sessions, session, "methods")),
            ("signing key", keys("keys", "sealed_keys")),
            ("MAC key", keys("mac_keys", "sealed_mac_keys")),
        ]
    }
}

fn without(item: &Item, attribute: &str) -> Item {
    let mut item = item.clone();
    item.remove(attribute);
    item
}

/// The proof is there as long as the address is, and no longer.
fn has_proof(now: &[&Item], before: &Item) -> bool {
    now.iter().all(|now| {
        let has_address = now.get("email") == before.get("email");
        now.get(PROOF) == before.get(PROOF).filter(|_| has_address)
    })
}

/// The items that have the same value of an attribute.
fn having<'a>(items: &'a [Item], like: &Item, attribute: &str) -> Vec<&'a Item> {
    let same = |item: &&Item| item.get(attribute) == like.get(attribute);
    items.iter().filter(same).collect()
}

fn has_all(now: &Item, before: &Item) -> bool {
    before.keys().all(|name| now.contains_key(name)) && now.get(LATER) == before.get(LATER)
}

fn texts(item: &Item, list: &str) -> BTreeSet<String> {
    let list = item.get(list).and_then(|list| list.as_l().ok());
    let texts = list.into_iter().flatten();
    texts.filter_map(|text| text.as_s().ok().cloned()).collect()
}

/// A list of keys, which the ring has as JSON.
pub(super) fn list(ring: &Item, name: &str) -> Vec<Value> {
    let list = ring.get(name).and_then(|list| list.as_s().ok());
    serde_json::from_str(list.expect("a list")).expect("JSON")
}

/// The id of a key, whatever its kind.
pub(super) fn id(key: &Value) -> &str {
    let id = key["jwk"]["kid"].as_str().or_else(|| key["id"].as_str());
    id.expect("a key has an id")
}

fn has_keys(now: &Item, before: &Item, name: &str, sealed: &str) -> bool {
    let is_there = |key: &Value| {
        let same = list(now, name).into_iter().find(|now| id(now) == id(key));
        let members = key.as_object().expect("an object").iter();
        let lasting = |name: &str| !TIMES.contains(&name) || key.get("way").is_some();
        let mut members = members.filter(|(name, _)| lasting(name));
        let sealed_as = |item: &Item| sealed_key(item, sealed, id(key));
        same.is_some_and(|now| members.all(|(name, value)| now[name] == *value))
            && sealed_as(now).is_some()
            && sealed_as(now) == sealed_as(before)
    };
    list(before, name).iter().all(is_there)
}

fn sealed_key(item: &Item, sealed: &str, id: &str) -> Option<AttributeValue> {
    let keys = item.get(sealed).and_then(|keys| keys.as_m().ok());
    keys.and_then(|keys| keys.get(id)).cloned()
}
