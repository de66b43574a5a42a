//! Genuine parts that do not belong together.

use claims::{Algorithm, Rejected};
use serde_json::json;

use super::support::{Forgery, Issuer, encode, issuer, payload, with};

pub(crate) fn forgeries(own: &Issuer) -> Vec<Forgery> {
    let token = own.genuine();
    let (message, signature) = token.rsplit_once('.').expect("a token has dots");
    let (header, body) = message.split_once('.').expect("a message has a dot");
    let richer = encode(with(payload(), "sub", Some(json!("someone else"))).to_string());
    let full = encode(with(own.header(), "typ", Some(json!("application/at+jwt"))).to_string());
    let mut all = vec![
        Forgery::new(
            "other payload",
            format!("{header}.{richer}.{signature}"),
            Rejected::Signature,
        ),
        Forgery::new(
            "empty payload",
            format!("{header}..{signature}"),
            Rejected::Signature,
        ),
        Forgery::new(
            "other header",
            format!("{full}.{body}.{signature}"),
            Rejected::Signature,
        ),
    ];
    for algorithm in Algorithm::ALL
        .into_iter()
        .filter(|other| *other != own.algorithm)
    {
        let other = issuer(algorithm);
        let foreign = encode(other.header().to_string());
        let token = other.seal(&format!("{foreign}.{body}"));
        all.push(Forgery::new(
            format!("a token of {algorithm}"),
            token,
            Rejected::UnknownKey,
        ));
        let claimed =
            encode(with(own.header(), "alg", Some(json!(algorithm.as_str()))).to_string());
        let token = other.seal(&format!("{claimed}.{body}"));
        all.push(Forgery::new(
            format!("{algorithm} in our name"),
            token,
            Rejected::Algorithm,
        ));
        let borrowed = encode(with(other.header(), "kid", Some(json!(own.key.kid()))).to_string());
        let token = own.seal(&format!("{borrowed}.{body}"));
        let name = format!("our signature under the header of {algorithm}");
        all.push(Forgery::new(
            name,
            token.replacen(&borrowed, &foreign, 1),
            Rejected::UnknownKey,
        ));
    }
    all
}
