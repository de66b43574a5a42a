//! Changes of what is signed, which the right key then signs.

use ciborium::Value as Cbor;
use fastrand::Rng;
use serde_json::{Value, json};
use testing::passkey::{ED, attestation, cbor};

use crate::made::{Answer, Ceremony};

/// Where the flags are, and after them the count.
const FLAGS: usize = 32;
const COUNT: std::ops::Range<usize> = 33..37;
const ATTESTED: usize = 37;

pub(crate) fn client_data(answer: &mut Answer, random: &mut Rng) {
    if random.u8(0..3) == 0 {
        return bytes(&mut answer.client_data, random);
    }
    let Ok(mut data) = serde_json::from_slice::<Value>(&answer.client_data) else {
        return;
    };
    let changes = [
        ("type", json!("webauthn.get")),
        ("type", json!("webauthn.create")),
        ("type", json!("payment.get")),
        ("challenge", json!("")),
        ("challenge", json!("BwcH")),
        ("challenge", json!(format!("{}=", "BwcHBwcHBwcHBwcH"))),
        ("origin", json!("https://app.example.com/")),
        ("origin", json!("https://app.example.com:443")),
        ("origin", json!("https://App.example.com")),
        ("origin", json!("http://app.example.com")),
        ("origin", json!("https://evil.example")),
        ("origin", json!(["https://app.example.com"])),
        ("crossOrigin", json!(true)),
        ("crossOrigin", json!("true")),
        ("crossOrigin", json!(null)),
        ("topOrigin", json!("https://evil.example")),
        ("tokenBinding", json!({"status": "supported"})),
        ("tokenBinding", json!("supported")),
        (
            "extra_keys_may_be_added_here",
            json!("do not compare clientDataJSON"),
        ),
    ];
    let (name, value) = random.choice(changes).expect("some");
    match random.u8(0..8) {
        0 => {
            if let Some(members) = data.as_object_mut() {
                members.remove(name);
            }
            answer.client_data = data.to_string().into_bytes();
        }
        1 => {
            let text = data.to_string();
            let twice = format!("{{{}:{value},{}", json!(name), &text[1..]);
            answer.client_data = twice.into_bytes();
        }
        2 => {
            let text = random
                .choice(["\u{feff}", " ", "\n", "[", "\0"])
                .expect("some");
            answer.client_data.splice(0..0, text.bytes());
        }
        3 => {
            let text = random
                .choice(["}", " ", "{}", "\0", ",", "x"])
                .expect("some");
            answer.client_data.extend(text.bytes());
        }
        _ => {
            data[name] = value;
            answer.client_data = data.to_string().into_bytes();
        }
    }
}

pub(crate) fn authenticator_data(answer: &mut Answer, random: &mut Rng) {
    let data = &mut answer.authenticator_data;
    match random.u8(0..8) {
        0 if data.len() > FLAGS => data[FLAGS] ^= 1 << random.u8(0..8),
        1 if data.len() > FLAGS => data[FLAGS] = random.u8(..),
        2 if data.len() >= ATTESTED => {
            let count = random.choice([0, 1, 2, 3, 4, u32::MAX]).expect("some");
            data[COUNT].copy_from_slice(&count.to_be_bytes());
        }
        3 if data.len() >= ATTESTED => extensions(data, random),
        4 if data.len() > 55 => key(data, random),
        5 if data.len() > 55 => {
            let length = random.choice([0_u16, 1, 15, 16, 31, 33, 1_023, 1_024, u16::MAX]);
            let length = length.expect("some");
            data[53..55].copy_from_slice(&length.to_be_bytes());
        }
        6 if data.len() > FLAGS => data[random.usize(0..FLAGS)] ^= 1,
        _ => bytes(data, random),
    }
    if answer.ceremony == Ceremony::Registration && answer.object.is_some() {
        answer.object = Some(attestation(&answer.authenticator_data));
    }
}

/// Adds extensions, right ones too.
fn extensions(data: &mut Vec<u8>, random: &mut Rng) {
    let text = |text: &str| Cbor::Text(text.to_owned());
    let map = random.choice([
        cbor(&Cbor::Map(vec![(text("credProtect"), Cbor::from(2))])),
        cbor(&Cbor::Map(vec![
            (text("a"), Cbor::from(1)),
            (text("a"), Cbor::from(2)),
        ])),
        cbor(&Cbor::Map(Vec::new())),
        cbor(&text("a")),
        vec![0xbf, 0x61, b'a', 0x01, 0xff],
        vec![0xa1, 0x61, b'a', 0x18, 0x01],
        vec![0xa1, 0x61],
    ]);
    if random.u8(0..4) > 0 {
        data[FLAGS] |= ED;
    }
    data.extend(map.expect("some"));
}

/// Changes the public key of attested data with an id of 32 bytes.
fn key(data: &mut Vec<u8>, random: &mut Rng) {
    let at = ATTESTED + 16 + 2 + 32;
    let Some(key) = data.get(at..) else { return };
    let Ok(Cbor::Map(mut labels)) = ciborium::from_reader::<Cbor, _>(key) else {
        return;
    };
    let changes = [
        (3, Cbor::from(-7)),
        (3, Cbor::from(-8)),
        (3, Cbor::from(-257)),
        (3, Cbor::from(-35)),
        (3, Cbor::from(-258)),
        (3, Cbor::from(-65_535)),
        (1, Cbor::from(1)),
        (1, Cbor::from(2)),
        (1, Cbor::from(3)),
        (-1, Cbor::from(1)),
        (-1, Cbor::from(6)),
        (-2, Cbor::Bytes(vec![1; 32])),
        (-2, Cbor::Bytes(vec![1; 31])),
        (-3, Cbor::Bytes(vec![1; 32])),
        (4, Cbor::from(1)),
    ];
    let (label, value) = random.choice(changes).expect("some");
    let label = Cbor::from(label);
    match random.u8(0..4) {
        0 => labels.retain(|(it, _)| *it != label),
        1 => labels.push((label, value)),
        2 => labels.reverse(),
        _ => {
            for (it, old) in &mut labels {
                if *it == label {
                    *old = value.clone();
                }
            }
        }
    }
    data.truncate(at);
    data.extend(cbor(&Cbor::Map(labels)));
}

pub(crate) fn attestation_object(answer: &mut Answer, random: &mut Rng) {
    let text = |text: &str| Cbor::Text(text.to_owned());
    let data = Cbor::Bytes(answer.authenticator_data.clone());
    let mut members = vec![
        (text("fmt"), text("none")),
        (text("attStmt"), Cbor::Map(Vec::new())),
        (text("authData"), data.clone()),
    ];
    match random.u8(0..8) {
        0 => members.reverse(),
        1 => members.push((text("fmt"), text("packed"))),
        2 => members.push((text("extra"), Cbor::from(1))),
        3 => {
            members[0].1 = text(
                random
                    .choice(["packed", "fido-u2f", "tpm", "apple", "later", ""])
                    .expect("some"),
            )
        }
        4 => members[1].1 = Cbor::Map(vec![(text("alg"), Cbor::from(-7))]),
        5 => {
            members.remove(random.usize(0..3));
        }
        6 => {
            members[2].1 = random
                .choice([text("a"), Cbor::Null, Cbor::Bytes(Vec::new())])
                .expect("some")
        }
        _ => {}
    }
    let mut object = cbor(&Cbor::Map(members));
    match random.u8(0..4) {
        0 => object.extend(random.choice([&[0][..], &[0xa0], &[0xff]]).expect("some")),
        // The same length of the map, written as no shorter one needs it.
        1 => object.splice(0..1, [0xb8, object[0] & 0x1f]).for_each(drop),
        2 => bytes(&mut object, random),
        _ => {}
    }
    answer.object = Some(object);
}

/// Changes some byte, takes some away or adds some.
fn bytes(data: &mut Vec<u8>, random: &mut Rng) {
    let at = random.usize(0..=data.len());
    match random.u8(0..4) {
        0 => data.truncate(at),
        1 => data.insert(at, random.u8(..)),
        2 if at < data.len() => {
            data.remove(at);
        }
        _ if at < data.len() => data[at] ^= 1 << random.u8(0..8),
        _ => data.push(random.u8(..)),
    }
}
