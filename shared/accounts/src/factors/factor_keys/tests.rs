//! Factor keys open what they sealed, for its account alone.

use super::*;

const SECRET: [u8; TotpSecret::LEN] = *b"12345678901234567890";

fn secret() -> TotpSecret {
    TotpSecret::from_bytes(&SECRET).unwrap()
}

fn times(id: u64, seals_from: Timestamp) -> FactorKeyTimes {
    let id = format!("{id:016x}");
    FactorKeyTimes { id, seals_from }
}

fn key(id: u64, seals_from: Timestamp) -> FactorKey {
    let byte = u8::try_from(id).unwrap();
    FactorKey::new(times(id, seals_from), &[byte; FactorKey::LEN]).unwrap()
}

fn keys<const N: usize>(times: [(u64, Timestamp); N]) -> FactorKeys {
    let keys = times.into_iter();
    keys.map(|(id, from)| key(id, from)).collect()
}

#[test]
fn a_secret_opens_for_its_account_alone() {
    let keys = keys([(1, 0)]);
    let (ada, eve) = (UserId::generate(), UserId::generate());
    let sealed = keys.seal(ada, &secret(), 10).unwrap();
    assert_eq!(keys.open(ada, &sealed).unwrap().as_bytes(), &SECRET);
    assert_eq!(keys.open(eve, &sealed).err(), Some(OpenTotpError::Altered));
    let other = [FactorKey::new(times(1, 0), &[2; FactorKey::LEN]).unwrap()];
    let other: FactorKeys = other.into_iter().collect();
    assert_eq!(other.open(ada, &sealed).err(), Some(OpenTotpError::Altered));
}

#[test]
fn it_is_stored_as_key_id_nonce_text_and_tag() {
    let keys = keys([(0x42, 0)]);
    let ada = UserId::generate();
    let sealed = keys.seal(ada, &secret(), 10).unwrap();
    let bytes = sealed.to_bytes();
    assert_eq!((bytes.len(), SealedTotp::LEN), (56, 56));
    assert_eq!(bytes[..8], [0, 0, 0, 0, 0, 0, 0, 0x42]);
    assert_eq!(sealed.key_id(), "0000000000000042");
    assert_eq!(SealedTotp::from_stored(&bytes), Some(sealed));
    assert_eq!(SealedTotp::from_stored(&bytes[1..]), None);
    assert_eq!(SealedTotp::from_stored(&[&bytes[..], &[0]].concat()), None);

    // By another reader of the format: AES-256-GCM with this nonce and this context.
    let key = aws_lc_rs::aead::UnboundKey::new(&AES_256_GCM, &[0x42; 32]).unwrap();
    let key = aws_lc_rs::aead::LessSafeKey::new(key);
    let nonce = Nonce::try_assume_unique_for_key(&bytes[8..20]).unwrap();
    let mut text = bytes[20..].to_vec();
    let context = Aad::from(format!("totp|{ada}"));
    assert_eq!(
        key.open_in_place(nonce, context, &mut text).unwrap(),
        SECRET
    );
}

#[test]
fn the_same_secret_is_never_sealed_alike() {
    let keys = keys([(1, 0)]);
    let ada = UserId::generate();
    let one = keys.seal(ada, &secret(), 10).unwrap().to_bytes();
    let other = keys.seal(ada, &secret(), 10).unwrap().to_bytes();
    assert_ne!(one[8..20], other[8..20]);
    assert_ne!(one[20..], other[20..]);
}

#[test]
fn a_changed_byte_does_not_open() {
    let keys = keys([(1, 0)]);
    let ada = UserId::generate();
    let bytes = keys.seal(ada, &secret(), 10).unwrap().to_bytes();
    for index in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[index] ^= 1;
        let changed = SealedTotp::from_stored(&changed).unwrap();
        let expected = match index {
            ..8 => OpenTotpError::UnknownKey,
            _ => OpenTotpError::Altered,
        };
        assert_eq!(keys.open(ada, &changed).err(), Some(expected), "{index}");
    }
}

#[test]
fn the_newest_key_seals_and_the_ones_before_it_open_for_ever() {
    let keys = keys([(1, 100), (2, 200)]);
    let ada = UserId::generate();
    assert_eq!(keys.seal(ada, &secret(), 99), Err(SealTotpError::NoKey));
    let old = keys.seal(ada, &secret(), 199).unwrap();
    let new = keys.seal(ada, &secret(), 200).unwrap();
    assert_eq!(old.key_id(), "0000000000000001");
    assert_eq!(new.key_id(), "0000000000000002");
    assert!(keys.seals_with_newest(&old, 199));
    assert!(!keys.seals_with_newest(&old, 200));
    assert!(keys.seals_with_newest(&new, 200));
    assert_eq!(keys.open(ada, &old).unwrap().as_bytes(), &SECRET);
}

#[test]
fn a_malformed_key_is_none() {
    let named = |id: &str| FactorKeyTimes {
        id: id.to_owned(),
        seals_from: 0,
    };
    assert!(FactorKey::new(times(1, 0), &[0; 31]).is_none());
    assert!(FactorKey::new(times(1, 0), &[0; 33]).is_none());
    for id in [
        "",
        "1",
        "000000000000000G",
        "000000000000000A",
        "+000000000000001",
    ] {
        assert!(FactorKey::new(named(id), &[0; 32]).is_none(), "{id}");
    }
}

#[test]
fn debug_shows_neither_key_nor_secret() {
    let key = FactorKey::new(times(1, 0), &[0xAB; 32]).unwrap();
    let keys: FactorKeys = [key].into_iter().collect();
    let sealed = keys.seal(UserId::generate(), &secret(), 0).unwrap();
    let shown = format!("{keys:?} {sealed:?}");
    let shown = shown.to_lowercase();
    assert!(!shown.contains("171") && !shown.contains("abab"), "{shown}");
    assert!(shown.contains("sealedtotp(0000000000000001, …)"), "{shown}");
}
