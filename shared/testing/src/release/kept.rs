//! The items of a release that are left.

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
    /// The items that this release has written, by kind, and whether all of it is there. Attributes that
    /// it knows may have other values by now; those that it does not know may not.
    ///
    /// # Panics
    ///
    /// If the engine does not answer.
    pub async fn kept(&self, stack: &Stack) -> Vec<(&'static str, bool)> {
        let now = Tables::read(stack).await;
        let accounts = self.tables["UsersTable"].iter();
        let mut all: Vec<_> = accounts
            .flat_map(|user| self.account_is_kept(&now, user))
            .collect();
        let ring = self.ring();
        let rings = having(&now.rings, ring, "id");
        let keys = |name, sealed| rings.iter().all(|now| has_keys(now, ring, name, sealed));
        all.extend([
            ("item of Keys", all_have(&rings, ring, 1)),
            ("signing key", keys("keys", "sealed_keys")),
            ("MAC key", keys("mac_keys", "sealed_mac_keys")),
            ("factor key", keys("factor_keys", "sealed_factor_keys")),
        ]);
        all
    }

    /// The same of one account.
    fn account_is_kept(&self, now: &Tables, user: &Item) -> Vec<(&'static str, bool)> {
        let before = |table: &str| -> Vec<_> {
            let items = self.tables[table].iter();
            items.filter(|one| one["user_id"] == user["id"]).collect()
        };
        let own = |items| -> Vec<_> { of(items, &user["id"]) };
        let (login, logins) = (before("LoginsTable"), own(&now.logins));
        let (session, sessions) = (before("SessionsTable")[0], &now.sessions);
        let sessions = having(sessions, session, "id");
        let users = having(&now.users, user, "id");
        let (factors, own_factors) = (before("FactorsTable"), own(&now.factors));
        let has_factor = |before: &&Item| {
            let same = own_factors.iter().filter(|now| now["id"] == before["id"]);
            all_have(&same.copied().collect::<Vec<_>>(), before, 1)
        };
        let lists = |name| {
            let of_user = texts_of(&users, user, name);
            of_user && texts_of(&logins, login[0], name)
        };
        vec![
            ("item of Users", all_have(&users, &without(user, PROOF), 1)),
            ("proof of the address", has_proof(&users, user)),
            ("item of Logins", all_have(&logins, login[0], login.len())),
            ("item of Sessions", all_have(&sessions, session, 1)),
            ("item of Factors", factors.iter().all(has_factor)),
            ("role", texts_of(&users, user, "roles")),
            ("method", texts_of(&sessions, session, "methods")),
            ("second factor", lists("factors")),
            ("way in", lists("ways")),
        ]
    }
}

/// The items of a stack.
struct Tables {
    users: Vec<Item>,
    logins: Vec<Item>,
    sessions: Vec<Item>,
    factors: Vec<Item>,
    rings: Vec<Item>,
}

impl Tables {
    async fn read(stack: &Stack) -> Self {
        Self {
            users: stack.items("UsersTable").await,
            logins: stack.items("LoginsTable").await,
            sessions: stack.items("SessionsTable").await,
            factors: stack.items("FactorsTable").await,
            rings: stack.items("KeysTable").await,
        }
    }
}

/// The items of an account.
fn of<'a>(items: &'a [Item], user_id: &AttributeValue) -> Vec<&'a Item> {
    let own = items.iter().filter(|item| item["user_id"] == *user_id);
    own.collect()
}

fn all_have(now: &[&Item], before: &Item, count: usize) -> bool {
    now.len() == count && now.iter().all(|now| has_all(now, before))
}

fn texts_of(now: &[&Item], before: &Item, name: &str) -> bool {
    let before = texts(before, name);
    now.iter().all(|now| texts(now, name).is_superset(&before))
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
