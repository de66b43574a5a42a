//! Signatures that are absent, empty of meaning, somebody else's, or made in another way.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512,
};
use claims::{Algorithm, Rejected};

use super::support::{Forgery, Issuer, decode, encode, issuer};

/// The order of P-256, big-endian (SEC 2 §2.4.2).
const P256_ORDER: &str = "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE";

/// The order of the base point of Ed25519, little-endian (RFC 8032 §5.1).
const ED25519_ORDER: &str = "7dP1XBpjEljWnPei3vneFAAAAAAAAAAAAAAAAAAAABA";

pub(crate) fn forgeries(issuer: &Issuer) -> Vec<Forgery> {
    let token = issuer.genuine();
    let (message, signature) = token.rsplit_once('.').expect("a token has dots");
    let signature = decode(signature);
    let mut fakes = damaged(&signature);
    fakes.extend(match issuer.algorithm {
        Algorithm::Rs256 => rsa(issuer, message),
        Algorithm::Es256 => ecdsa(issuer, message),
        Algorithm::EdDsa => eddsa(&signature),
    });
    fakes.extend(others(issuer, message));
    let forge = |(name, fake): (String, Vec<u8>)| {
        Forgery::new(
            name,
            format!("{message}.{}", encode(fake)),
            Rejected::Signature,
        )
    };
    fakes.into_iter().map(forge).collect()
}

fn named(name: &str, signature: Vec<u8>) -> (String, Vec<u8>) {
    (name.to_owned(), signature)
}

fn damaged(signature: &[u8]) -> Vec<(String, Vec<u8>)> {
    let length = signature.len();
    let mut all = vec![
        named("zeros", vec![0; length]),
        named("ones", vec![0xff; length]),
        named("the number 1", [vec![0; length - 1], vec![1]].concat()),
        named("reversed", signature.iter().rev().copied().collect()),
        named("doubled", signature.repeat(2)),
        named("zero before", [&[0], signature].concat()),
        named("zero after", [signature, &[0]].concat()),
        named("half", signature[..length / 2].to_vec()),
        named("one byte", signature[..1].to_vec()),
    ];
    for cut in [1, 2, 3, 8, 31] {
        all.push((
            format!("end cut by {cut}"),
            signature[..length - cut].to_vec(),
        ));
        all.push((format!("start cut by {cut}"), signature[cut..].to_vec()));
    }
    for place in (0..length).step_by(length / 16) {
        let mut flipped = signature.to_vec();
        flipped[place] ^= 1;
        all.push((format!("bit of byte {place} flipped"), flipped));
    }
    all.push(named("empty", Vec::new()));
    all
}

fn rsa(issuer: &Issuer, message: &str) -> Vec<(String, Vec<u8>)> {
    let jwk = serde_json::to_value(issuer.key.jwk()).expect("a JWK serialises");
    let modulus = decode(jwk["n"].as_str().expect("an RSA key has a modulus"));
    let mut below = modulus.clone();
    // A modulus is odd, so that its last byte never borrows.
    below[modulus.len() - 1] -= 1;
    vec![
        named("modulus", modulus),
        named("modulus less one", below),
        named("RS384", issuer.sign_rsa(&RSA_PKCS1_SHA384, message)),
        named("RS512", issuer.sign_rsa(&RSA_PKCS1_SHA512, message)),
        named("PS256", issuer.sign_rsa(&RSA_PSS_SHA256, message)),
        named("PS384", issuer.sign_rsa(&RSA_PSS_SHA384, message)),
        named("PS512", issuer.sign_rsa(&RSA_PSS_SHA512, message)),
    ]
}

/// Above all the "psychic" signature, whose r and s are zero.
fn ecdsa(issuer: &Issuer, message: &str) -> Vec<(String, Vec<u8>)> {
    let zero = vec![0; 32];
    let one = [vec![0; 31], vec![1]].concat();
    let order = decode(P256_ORDER);
    let mut all = Vec::new();
    for (r_name, r) in [("0", &zero), ("1", &one), ("n", &order)] {
        for (s_name, s) in [("0", &zero), ("1", &one), ("n", &order)] {
            if (r_name, s_name) != ("0", "0") && (r_name, s_name) != ("0", "1") {
                all.push((
                    format!("r = {r_name}, s = {s_name}"),
                    [r.as_slice(), s].concat(),
                ));
            }
        }
    }
    all.push(named(
        "DER",
        issuer.sign_ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING, message),
    ));
    all.push(named("DER of zeros", vec![0x30, 6, 2, 1, 0, 2, 1, 0]));
    all.push(named("short zeros", vec![0; 2]));
    all.push(named("P-384 zeros", vec![0; 96]));
    all.push(named("P-521 zeros", vec![0; 132]));
    all
}

/// RFC 8032 §5.1.7 wants `S` below the order; without that check every signature has a second
/// spelling.
fn eddsa(signature: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (r, s) = signature.split_at(32);
    let mut carry = 0;
    let respelt: Vec<u8> = s
        .iter()
        .zip(decode(ED25519_ORDER))
        .map(|(a, b)| {
            let sum = u16::from(*a) + u16::from(b) + carry;
            carry = sum >> 8;
            sum.to_le_bytes()[0]
        })
        .collect();
    let identity = [vec![1], vec![0; 31]].concat();
    vec![
        named("S plus the order", [r, &respelt].concat()),
        named(
            "R the identity, S zero",
            [identity.as_slice(), &[0; 32]].concat(),
        ),
        named("R the identity", [identity.as_slice(), s].concat()),
        named("R alone", [r, &[0; 32]].concat()),
        named("S alone", [&[0; 32], s].concat()),
    ]
}

fn others(own: &Issuer, message: &str) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = Algorithm::ALL
        .into_iter()
        .filter(|algorithm| *algorithm != own.algorithm)
        .map(|algorithm| {
            (
                format!("signed with {algorithm}"),
                issuer(algorithm).sign(message),
            )
        })
        .collect();
    let stranger = Issuer::new(own.algorithm);
    all.push(named("signed by a stranger", stranger.sign(message)));
    all.push(named("over something else", own.sign("something else")));
    all
}
