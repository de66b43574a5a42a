//! Public keys as JWK (RFC 7517), and which of them are acceptable.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, EllipticCurveKeyParameters, Jwk, OctetKeyPairParameters,
    PublicKeyUse, RSAKeyParameters, ThumbprintHash,
};

use crate::{Algorithm, KeyError};

/// Below it RSA is weak; above it a signature costs more than a cold start should.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// 65537, the only public exponent that is accepted: 1 signs nothing, and 3 has a history of
/// forgeries.
const RSA_EXPONENT: &str = "AQAB";

/// The length of a coordinate of P-256 and of an Ed25519 public key.
const COORDINATE: usize = 32;

/// The JWK of a key with its name, algorithm and use. The name is its SHA-256 thumbprint (RFC 7638
/// §3), so that two keys never share one.
pub(crate) fn publish(key: &DecodingKey, algorithm: Algorithm) -> Result<Jwk, KeyError> {
    let mut jwk =
        Jwk::from_decoding_key(key, Some(algorithm.into())).map_err(|_| KeyError::PublicKey)?;
    let kid = jwk
        .thumbprint(ThumbprintHash::SHA256)
        .map_err(|_| KeyError::PublicKey)?;
    jwk.common.key_id = Some(kid);
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(jwk)
}

/// The bytes before the key itself in a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) of the only shapes
/// that are read: RSA of 2048 bits with a short exponent (RFC 8017 A.1.1 follows), a point of P-256
/// (RFC 5480) and an Ed25519 key (RFC 8410). DER has no second spelling of them.
const fn prefix(algorithm: Algorithm) -> &'static [u8] {
    match algorithm {
        Algorithm::Rs256 => &[
            0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
            0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x82, 0x01, 0x0f, 0x00,
        ],
        Algorithm::Es256 => &[
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
            0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
        ],
        Algorithm::EdDsa => &[
            0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
        ],
    }
}

/// The JWK, to be published, of a public key that comes as a SubjectPublicKeyInfo in DER (RFC 5280
/// §4.1.2.7), as AWS KMS and OpenSSL write it.
///
/// # Errors
///
/// [`KeyError::PublicKey`] unless it is an acceptable key of that algorithm, of 2048 bits for RSA.
pub fn jwk_of_spki(algorithm: Algorithm, der: &[u8]) -> Result<Jwk, KeyError> {
    let key = der
        .strip_prefix(prefix(algorithm))
        .ok_or(KeyError::PublicKey)?;
    let key = match algorithm {
        Algorithm::Rs256 => DecodingKey::from_rsa_der(key),
        Algorithm::Es256 => DecodingKey::from_ec_der(key),
        Algorithm::EdDsa => DecodingKey::from_ed_der(key),
    };
    let jwk = publish(&key, algorithm)?;
    acceptable(&jwk).map_err(|_| KeyError::PublicKey)?;
    Ok(jwk)
}

/// The name of a key.
pub(crate) fn kid(jwk: &Jwk) -> Result<&str, KeyError> {
    jwk.common
        .key_id
        .as_deref()
        .filter(|kid| !kid.is_empty())
        .ok_or(KeyError::MissingKid)
}

/// The algorithm that a key names.
pub(crate) fn algorithm(jwk: &Jwk) -> Result<Algorithm, KeyError> {
    let named = jwk.common.key_algorithm.ok_or(KeyError::Algorithm)?;
    named.try_into().map_err(|_| KeyError::Algorithm)
}

/// The key for the library, if it is one that tokens may be verified with.
pub(crate) fn acceptable(jwk: &Jwk) -> Result<DecodingKey, KeyError> {
    if jwk.common.public_key_use != Some(PublicKeyUse::Signature) {
        return Err(KeyError::Use);
    }
    match (algorithm(jwk)?, &jwk.algorithm) {
        (Algorithm::Rs256, AlgorithmParameters::RSA(rsa)) => check_rsa(rsa)?,
        (Algorithm::Es256, AlgorithmParameters::EllipticCurve(ec)) => check_p256(ec)?,
        (Algorithm::EdDsa, AlgorithmParameters::OctetKeyPair(okp)) => check_ed25519(okp)?,
        _ => return Err(KeyError::Mismatch),
    }
    DecodingKey::from_jwk(jwk).map_err(|_| KeyError::PublicKey)
}

fn check_rsa(key: &RSAKeyParameters) -> Result<(), KeyError> {
    let modulus = decode(&key.n)?;
    // The library refuses leading zeros only when it verifies; here the key set refuses the key.
    let leading = modulus.first().ok_or(KeyError::PublicKey)?.leading_zeros() as usize;
    let bits = modulus.len() * 8 - leading;
    if leading == 8 || !RSA_BITS.contains(&bits) || key.e != RSA_EXPONENT {
        return Err(KeyError::PublicKey);
    }
    Ok(())
}

fn check_p256(key: &EllipticCurveKeyParameters) -> Result<(), KeyError> {
    if key.curve != EllipticCurve::P256 {
        return Err(KeyError::Mismatch);
    }
    // RFC 7518 §6.2.1.2 fixes the length of each coordinate; unequal ones could add up to a point
    // as well.
    let (x, y) = (coordinate(&key.x)?, coordinate(&key.y)?);
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| KeyError::PublicKey)?;
    Ok(())
}

fn check_ed25519(key: &OctetKeyPairParameters) -> Result<(), KeyError> {
    if key.curve != EllipticCurve::Ed25519 {
        return Err(KeyError::Mismatch);
    }
    // The library finds out whether it is a point only when it verifies.
    coordinate(&key.x)?;
    Ok(())
}

fn coordinate(text: &str) -> Result<Vec<u8>, KeyError> {
    let bytes = decode(text)?;
    if bytes.len() == COORDINATE {
        Ok(bytes)
    } else {
        Err(KeyError::PublicKey)
    }
}

fn decode(text: &str) -> Result<Vec<u8>, KeyError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| KeyError::PublicKey)
}
