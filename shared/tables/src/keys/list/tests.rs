//! Parts of a list that this version does not know.

use super::*;

fn later(id: &str) -> Value {
    serde_json::json!({ "kind": "later", "id": id })
}

fn mac_key(id: &str) -> Value {
    serde_json::json!({ "id": id, "signs_from": 1 })
}

/// Reads a list, has its keys changed, and writes it again.
fn rewritten<T: Listed>(
    entries: &[Value],
    sealed: &[&str],
    change: impl Fn(&mut Vec<T>),
) -> (Vec<Value>, Sealed) {
    let list = Value::from(entries).to_string();
    let mut list = read::<T>(&list, halves(sealed)).unwrap();
    change(&mut list.keys);
    let (written, sealed) = write(&list.keys, &list.sealed, &list.unknown).unwrap();
    (serde_json::from_str(&written).unwrap(), sealed)
}

fn halves(ids: &[&str]) -> Sealed {
    let halves = ids.iter();
    halves
        .map(|id| ((*id).to_owned(), ByteBuf::from(id.as_bytes())))
        .collect()
}

#[test]
fn the_kms_key_and_what_is_not_known_of_a_key_are_written_back() {
    let sealed_by_kms = serde_json::json!({
        "jwk": {
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "one",
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
            "later": { "list": [1, "two"] },
        },
        "published_at": 1,
        "signs_from": 2,
        "kms_key": "arn:aws:kms:eu-west-1:123456789012:key/1",
        "later": "a member",
    });
    let mut sealed_here = sealed_by_kms.clone();
    sealed_here["jwk"]["kid"] = "two".into();
    drop(sealed_here.as_object_mut().unwrap().remove("kms_key"));
    let entries = [sealed_by_kms, later("three"), sealed_here];
    let ids = ["one", "two", "three", "of no key"];
    let (written, sealed) = rewritten::<RingKey>(&entries, &ids, |_| {});
    assert_eq!(written, entries);
    assert_eq!(sealed, halves(&ids));
}

#[test]
fn keys_of_other_kinds_stay_where_they_are_among_the_others() {
    let entries = [
        later("a"),
        mac_key("b"),
        later("c"),
        later("d"),
        mac_key("e"),
        "f".into(),
    ];
    let same = rewritten::<MacKeyTimes>(&entries, &[], |_| {}).0;
    assert_eq!(same, entries);
    let others = [&entries[..1], &entries[2..]].concat();
    let removed = rewritten(&entries, &[], |keys: &mut Vec<MacKeyTimes>| {
        keys.remove(0);
    });
    // Nothing tells any more that they came after the key that is gone.
    assert_eq!(removed.0, others);
    let added = rewritten(&entries, &[], |keys: &mut Vec<MacKeyTimes>| {
        let mut added = keys[0].clone();
        "g".clone_into(&mut added.id);
        keys.push(added);
    });
    assert_eq!(added.0, [&entries[..], &[mac_key("g")]].concat());
}

#[test]
fn what_is_not_known_of_factor_keys_is_written_back() {
    let known = serde_json::json!({
        "id": "0000000000000001", "seals_from": 1, "later": "a member", "kms_key": "arn",
    });
    let other = serde_json::json!({ "id": "b", "seals_from": 1, "alg": "later" });
    let entries = [other, known, later("c")];
    let ids = ["0000000000000001", "b", "c"];
    let (written, sealed) = rewritten::<FactorKeyTimes>(&entries, &ids, |keys| {
        assert_eq!(keys.len(), 1);
    });
    assert_eq!(written, entries);
    assert_eq!(sealed, halves(&ids));
}

#[test]
fn a_factor_key_is_known_by_its_members() {
    let known = serde_json::json!({ "id": "a", "seals_from": 1 });
    let named = serde_json::json!({ "id": "a", "seals_from": 1, "alg": "A256GCM" });
    assert!([known, named].iter().all(FactorKeyTimes::is_known));
    for other in [
        later("a"),
        mac_key("a"),
        serde_json::json!({ "id": "a", "seals_from": 1, "kind": "later" }),
        serde_json::json!({ "id": "a", "seals_from": 1, "alg": "A128GCM" }),
        serde_json::json!({ "id": "a" }),
        serde_json::json!({ "seals_from": 1 }),
    ] {
        assert!(!FactorKeyTimes::is_known(&other), "{other}");
    }
}

#[test]
fn a_mac_key_is_known_by_its_members() {
    let known = mac_key("a");
    let named = serde_json::json!({ "id": "a", "signs_from": 1, "alg": "HS256" });
    assert!([known, named].iter().all(MacKeyTimes::is_known));
    for other in [
        later("a"),
        serde_json::json!({ "id": "a", "signs_from": 1, "kind": "later" }),
        serde_json::json!({ "id": "a", "signs_from": 1, "alg": "HS512" }),
        serde_json::json!({ "id": "a" }),
        serde_json::json!({ "signs_from": 1 }),
        "a".into(),
    ] {
        assert!(!MacKeyTimes::is_known(&other), "{other}");
    }
}
