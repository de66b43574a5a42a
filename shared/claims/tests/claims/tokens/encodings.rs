//! Text that is not the one spelling of a token, although what it spells may be genuine.

use claims::Rejected;
use serde_json::json;

use super::support::{Forgery, Issuer, encode, payload, with};

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(crate) fn forgeries(issuer: &Issuer) -> Vec<Forgery> {
    let mut all = Vec::new();
    all.extend(intruders(issuer));
    all.extend(part_counts(issuer));
    all.extend(spare_bits(issuer));
    all.extend(giants(issuer));
    all
}

/// A foreign byte at the start, inside and at the end of each part. The signature is genuine
/// wherever it can be.
fn intruders(issuer: &Issuer) -> Vec<Forgery> {
    let token = issuer.genuine();
    let (message, signature) = token.rsplit_once('.').expect("a token has dots");
    let (header, body) = message.split_once('.').expect("a message has a dot");
    let intruders = [
        "=", "==", "%3D", " ", "\t", "\n", "\r\n", "\u{0}", "?", "+", "/", "~", ",", ":", "*",
        "\"", "é", "\u{feff}", "\u{200b}", "\u{ff21}", "&#61;", "#",
    ];
    let mut all = Vec::new();
    for intruder in intruders {
        let place = |part: &str, at: usize| format!("{}{intruder}{}", &part[..at], &part[at..]);
        for at in [0, 8, header.len()] {
            let token = issuer.seal(&format!("{}.{body}", place(header, at)));
            all.push(Forgery::new(
                format!("{intruder:?} in the header"),
                token,
                Rejected::Malformed,
            ));
        }
        for at in [0, 8, body.len()] {
            let token = issuer.seal(&format!("{header}.{}", place(body, at)));
            all.push(Forgery::new(
                format!("{intruder:?} in the payload"),
                token,
                Rejected::Malformed,
            ));
        }
        for at in [0, 8, signature.len()] {
            let token = format!("{message}.{}", place(signature, at));
            all.push(Forgery::new(
                format!("{intruder:?} in the signature"),
                token,
                Rejected::Malformed,
            ));
        }
    }
    all
}

fn part_counts(issuer: &Issuer) -> Vec<Forgery> {
    let token = issuer.genuine();
    let (message, signature) = token.rsplit_once('.').expect("a token has dots");
    let (header, body) = message.split_once('.').expect("a message has a dot");
    let general =
        json!({ "payload": body, "signatures": [{ "protected": header, "signature": signature }] });
    let flat = json!({ "payload": body, "protected": header, "signature": signature });
    let jwe = encode(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#);
    let mut texts = vec![
        message.to_owned(),
        header.to_owned(),
        format!("{header}.{signature}"),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{signature}"),
        format!("{header}.{message}.{signature}"),
        format!("{token}.{token}"),
        format!("{token},{token}"),
        format!("{token} {token}"),
        format!("Bearer {token}"),
        format!("\"{token}\""),
        format!("{jwe}.AAAA.AAAA.AAAA.AAAA"),
        format!("{jwe}....AAAA"),
        general.to_string(),
        flat.to_string(),
        json!([flat]).to_string(),
        token.replace('.', ":"),
        token.replacen('.', "..", 1),
        token.replacen('.', "%2E", 1),
        token.replacen('.', "\u{3002}", 1),
    ];
    // The rest is the same under every key, so a trailing name keeps the corpus free of repetition.
    let kid = issuer.key.kid();
    texts.extend(
        ["", ".", "...", "....", "\u{0}", "{}", "null", "Basic "]
            .map(|start| format!("{start}{kid}")),
    );
    texts
        .into_iter()
        .map(|text| Forgery::new(format!("parts: {text}"), text, Rejected::Malformed))
        .collect()
}

/// Base64 whose last character carries bits that no byte uses: other text, the same bytes.
fn spare_bits(issuer: &Issuer) -> Vec<Forgery> {
    let respell = |part: &str| {
        let unused = match part.len() % 4 {
            2 => 4,
            3 => 2,
            _ => return Vec::new(),
        };
        let (start, last) = part.split_at(part.len() - 1);
        let value = ALPHABET.find(last).expect("a character of the alphabet");
        (1..1 << unused)
            .map(|bits| format!("{start}{}", &ALPHABET[value + bits..=value + bits]))
            .collect()
    };
    let mut all = Vec::new();
    for filling in ["x", "xx", "xxx"] {
        let body = encode(with(payload(), "jti", Some(json!(filling))).to_string());
        // The order of members is free, and so are spaces between them.
        let header = encode(
            issuer
                .header()
                .to_string()
                .replace(',', &format!(",{}", &"  "[..filling.len() - 1])),
        );
        for header in respell(&header) {
            let token = issuer.seal(&format!("{header}.{body}"));
            all.push(Forgery::new(
                "spare bits in the header",
                token,
                Rejected::Malformed,
            ));
        }
        for body in respell(&body) {
            let token = issuer.seal(&format!("{header}.{body}"));
            all.push(Forgery::new(
                "spare bits in the payload",
                token,
                Rejected::Malformed,
            ));
        }
    }
    let token = issuer.genuine();
    let (message, signature) = token.rsplit_once('.').expect("a token has dots");
    for signature in respell(signature) {
        let token = format!("{message}.{signature}");
        all.push(Forgery::new(
            "spare bits in the signature",
            token,
            Rejected::Malformed,
        ));
    }
    all
}

fn giants(issuer: &Issuer) -> Vec<Forgery> {
    let kid = issuer.key.kid();
    let filled = with(payload(), "filling", Some(json!("x".repeat(4096))));
    let texts = [
        issuer.token(issuer.header(), filled),
        issuer.token("[".repeat(100_000), payload()),
        issuer.token(issuer.header(), "[".repeat(100_000)),
        format!("{}{kid}", ".".repeat(1_000_000)),
        format!("{}{kid}", "A".repeat(4097)),
        format!("{}{kid}", "é".repeat(2049)),
        format!("{}{}", issuer.genuine(), " ".repeat(4096)),
        format!("{}{}", issuer.genuine(), "=".repeat(4096)),
    ];
    texts
        .into_iter()
        .map(|text| Forgery::new("too long", text, Rejected::TooLong))
        .collect()
}
