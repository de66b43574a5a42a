//! PKCS#1 v1.5 paddings that are not the one that RFC 8017 §9.2 prescribes, each under a genuine
//! private key.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::RsaKeyPair;
use claims::{Algorithm, KeySet, PrivateKey, Rejected};
use num_bigint::BigUint;
use serde::Deserialize;

use super::support::{EXPECTED, NOW, claims, encode};

#[derive(Deserialize)]
struct Templates {
    templates: Vec<Template>,
}

/// The bytes after the padding: `pre`, a part of the hash, `post`.
#[derive(Deserialize)]
struct Template {
    c: String,
    pre: String,
    /// Where the part begins, and its length.
    h: (usize, usize),
    post: String,
}

/// `DigestInfo` of SHA-256 (RFC 8017 §9.2, note 1).
const GENUINE: &str = "3031300d060960864801650304020105000420";

/// Templates that are the genuine one where the hash has the byte that they set.
const SET_A_BYTE: [&str; 2] = [
    "modifyingFirstByteOfOctetString",
    "modifyingLastByteOfOctetString",
];

/// A private key as the numbers that it is (RFC 8017 §3.2).
struct Numbers {
    length: usize,
    p: BigUint,
    q: BigUint,
    dp: BigUint,
    dq: BigUint,
    q_inverse: BigUint,
}

impl Numbers {
    fn of(pkcs8: &[u8]) -> Self {
        let (outer, _) = element(pkcs8);
        let (_version, rest) = element(outer);
        let (_algorithm, rest) = element(rest);
        let (key, _) = element(rest);
        let (mut numbers, _) = element(key);
        let mut next = || {
            let (number, rest) = element(numbers);
            numbers = rest;
            BigUint::from_bytes_be(number)
        };
        let (_version, n, _e, _d) = (next(), next(), next(), next());
        Self {
            length: n.to_bytes_be().len(),
            p: next(),
            q: next(),
            dp: next(),
            dq: next(),
            q_inverse: next(),
        }
    }

    /// RSASP1 (RFC 8017 §5.2.1), of any encoded message.
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let message = BigUint::from_bytes_be(message);
        let by_p = message.modpow(&self.dp, &self.p);
        let by_q = message.modpow(&self.dq, &self.q);
        let difference = &by_p + &self.p - &by_q % &self.p;
        let signature = by_q + difference * &self.q_inverse % &self.p * &self.q;
        let bytes = signature.to_bytes_be();
        [vec![0; self.length - bytes.len()], bytes].concat()
    }

    fn encoded(&self, template: &Template, hash: &[u8]) -> Vec<u8> {
        let (start, length) = template.h;
        let end = [
            &bytes(&template.pre),
            &hash[start..start + length],
            &bytes(&template.post),
        ]
        .concat();
        let padding = vec![0xff; self.length - 3 - end.len()];
        [&[0, 1], padding.as_slice(), &[0], &end].concat()
    }
}

/// The content of the DER element that comes first, and what follows it.
fn element(der: &[u8]) -> (&[u8], &[u8]) {
    let (length, header) = match der[1] {
        0x81 => (usize::from(der[2]), 3),
        0x82 => (usize::from(u16::from_be_bytes([der[2], der[3]])), 4),
        short => (usize::from(short), 2),
    };
    der[header..].split_at(length)
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits");
    (0..hex.len()).step_by(2).map(byte).collect()
}

#[test]
fn no_other_padding_is_accepted_with_an_rsa_key_of_any_size() {
    let vectors = include_str!("../vectors/pkcs1_templates.json");
    let Templates { templates } = serde_json::from_str(vectors).expect("the vectors are JSON");
    assert_eq!(templates.len(), 213);
    let genuine = Template {
        c: "genuine".to_owned(),
        pre: GENUINE.to_owned(),
        h: (0, 32),
        post: String::new(),
    };
    for size in [KeySize::Rsa2048, KeySize::Rsa3072, KeySize::Rsa4096] {
        let pair = RsaKeyPair::generate(size).expect("a key can be made");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("a key has a DER form");
        let numbers = Numbers::of(der.as_ref());
        let key = PrivateKey::from_pkcs8(Algorithm::Rs256, der.as_ref()).expect("our own key");
        let set = KeySet::new([key.jwk().clone()]).expect("our own key is acceptable");
        let token = key.sign(&claims()).expect("our own claims can be signed");
        let (message, _) = token.rsplit_once('.').expect("a token has dots");
        let hash = digest(&SHA256, message.as_bytes());
        let verdict = |encoded: &[u8]| {
            let signature = numbers.sign(encoded);
            set.verify(&format!("{message}.{}", encode(signature)), &EXPECTED, NOW)
        };
        let genuine = numbers.encoded(&genuine, hash.as_ref());
        assert!(verdict(&genuine).is_ok(), "{size:?}");
        for template in &templates {
            let encoded = numbers.encoded(template, hash.as_ref());
            // One hash in 256 has that byte.
            if encoded == genuine && SET_A_BYTE.contains(&template.c.as_str()) {
                continue;
            }
            let refused = Some(Rejected::Signature);
            assert_eq!(verdict(&encoded).err(), refused, "{size:?}: {}", template.c);
        }
    }
}
