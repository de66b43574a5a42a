//! The public keys of passkeys, in the form of COSE (RFC 9052 §7).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use ciborium::Value;

use crate::Refused;
use crate::cbor::{self, Map};

/// The algorithms that are offered, the preferred one first (RFC 9053 §2, RFC 8812 §2): EdDSA with
/// Ed25519, ES256 with P-256, RS256. The last is for the TPMs that Windows uses.
pub(crate) const ALGORITHMS: [i32; 3] = [ED_DSA, ES256, RS256];

const ED_DSA: i32 = -8;
const ES256: i32 = -7;
const RS256: i32 = -257;

/// 65,537, the one exponent that authenticators choose.
const EXPONENT: [u8; 3] = [1, 0, 1];

const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;

/// Returns the algorithm of a key that is one. It is read before it is stored, since no signature
/// proves a new key where there is no attestation: a passkey with a broken one would never sign in.
pub(crate) fn check(key: &Map) -> Result<i32, Refused> {
    let algorithm = cbor::at(key, ALGORITHM).and_then(Value::as_integer);
    let algorithm = algorithm.and_then(|number| i32::try_from(number).ok());
    let algorithm = algorithm.ok_or(Refused::PublicKey)?;
    let is_key = match algorithm {
        ED_DSA => is_ed25519(key),
        ES256 => is_p256(key),
        RS256 => is_rsa(key),
        _ => return Err(Refused::Algorithm),
    };
    match is_key {
        Some(true) => Ok(algorithm),
        _ => Err(Refused::PublicKey),
    }
}

fn is_ed25519(key: &Map) -> Option<bool> {
    let x: &[u8; 32] = bytes(key, -2)?.try_into().ok()?;
    let is_of_kind = is(key, KEY_TYPE, 1) && is(key, -1, 6);
    Some(is_of_kind && ParsedPublicKey::new(&ED25519, x).is_ok())
}

fn is_p256(key: &Map) -> Option<bool> {
    let x: &[u8; 32] = bytes(key, -2)?.try_into().ok()?;
    let y: &[u8; 32] = bytes(key, -3)?.try_into().ok()?;
    // The point is uncompressed (SEC 1 §2.3.3).
    let point = [&[4][..], x, y].concat();
    let is_of_kind = is(key, KEY_TYPE, 2) && is(key, -1, 1);
    Some(is_of_kind && ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).is_ok())
}

fn is_rsa(key: &Map) -> Option<bool> {
    let components = RsaPublicKeyComponents {
        n: bytes(key, -1)?,
        e: bytes(key, -2)?,
    };
    let is_long = (2_048 / 8..=8_192 / 8).contains(&components.n.len());
    let is_of_kind = is(key, KEY_TYPE, 3) && is_long && components.n.first() != Some(&0);
    let parsed = components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256);
    Some(is_of_kind && components.e == EXPONENT && parsed.is_ok())
}

fn bytes(key: &Map, label: i64) -> Option<&[u8]> {
    let bytes = cbor::at(key, label)?.as_bytes()?;
    Some(bytes.as_slice())
}

fn is(key: &Map, label: i64, value: i64) -> bool {
    cbor::at(key, label) == Some(&Value::from(value))
}
