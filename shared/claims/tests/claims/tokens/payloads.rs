//! Hostile claims under a genuine header and a genuine signature.

use claims::{LEEWAY, Rejected};
use serde_json::{Value, json};

use super::support::{EXPECTED, Forgery, Issuer, NOW, payload, with};

pub(crate) const REQUIRED: [&str; 15] = [
    "iss",
    "sub",
    "aud",
    "client_id",
    "exp",
    "iat",
    "nbf",
    "jti",
    "sid",
    "auth_time",
    "amr",
    "roles",
    "scope",
    "type",
    "fresh",
];

pub(crate) const OPTIONAL: [&str; 3] = ["acr", "preferred_username", "email_verified"];

pub(crate) fn forgeries(issuer: &Issuer) -> Vec<Forgery> {
    let mut cases: Vec<(&str, Option<Value>, Rejected)> = Vec::new();
    cases.extend(REQUIRED.map(|claim| (claim, None, Rejected::Claims)));
    cases.extend(wrong_types());
    cases.extend(wrong_values());
    let forge = |(claim, value, reason): (&str, Option<Value>, Rejected)| {
        let name = format!("claim {claim} = {value:?}");
        Forgery::new(
            name,
            issuer.token(issuer.header(), with(payload(), claim, value)),
            reason,
        )
    };
    cases.into_iter().map(forge).collect()
}

fn wrong_types() -> Vec<(&'static str, Option<Value>, Rejected)> {
    let mut all = Vec::new();
    for claim in REQUIRED.into_iter().chain(OPTIONAL) {
        let own = payload()[claim].clone();
        let candidates = [
            Value::Null,
            json!(true),
            json!(NOW),
            json!("text"),
            json!([own]),
            json!({ "a": own }),
        ];
        for candidate in candidates {
            let same_kind = std::mem::discriminant(&candidate) == std::mem::discriminant(&own);
            let is_absent = OPTIONAL.contains(&claim) && candidate.is_null();
            if !is_absent && (!same_kind || claim == "roles" || claim == "amr") {
                all.push((claim, Some(candidate), Rejected::Claims));
            }
        }
    }
    for claim in ["exp", "iat", "nbf", "auth_time"] {
        let numbers = [
            json!((NOW + 900).to_string()),
            json!(-1),
            json!(2e9),
            json!(1.9e300),
            json!(0.5),
        ];
        all.extend(numbers.map(|number| (claim, Some(number), Rejected::Claims)));
    }
    all
}

fn wrong_values() -> Vec<(&'static str, Option<Value>, Rejected)> {
    use Rejected::{Audience, Claims, Expired, Issuer, NotYetValid};
    let mut all = Vec::new();
    for claim in ["sub", "jti", "sid"] {
        all.push((claim, Some(json!("")), Claims));
    }
    let issuer = EXPECTED.issuer;
    let issuers = [
        String::new(),
        format!("{issuer}/"),
        format!(" {issuer}"),
        format!("{issuer}\u{0}"),
        format!("{issuer}.evil.example"),
        issuer.to_uppercase(),
        issuer.replace("https", "http"),
        "auth.example".to_owned(),
    ];
    all.extend(issuers.map(|iss| ("iss", Some(json!(iss)), Issuer)));
    let audiences = [
        "",
        "Latchkey",
        "latchkey ",
        "latchke",
        "latchkey,other",
        "*",
        "https://api.example",
    ];
    all.extend(audiences.map(|aud| ("aud", Some(json!(aud)), Audience)));
    for claim in ["iss", "aud"] {
        let own = payload()[claim].clone();
        for value in [
            json!([own, "other"]),
            json!(["other", own]),
            json!([own, own]),
            json!([]),
        ] {
            all.push((claim, Some(value), Claims));
        }
    }
    let past = [NOW - LEEWAY, NOW - LEEWAY - 1, NOW - 7200, 1, 0];
    all.extend(past.map(|exp| ("exp", Some(json!(exp)), Expired)));
    for claim in ["nbf", "iat"] {
        let future = [
            NOW + LEEWAY + 1,
            NOW + 3600,
            NOW * 1000,
            u64::MAX - 1,
            u64::MAX,
        ];
        all.extend(future.map(|time| (claim, Some(json!(time)), NotYetValid)));
    }
    for kind in ["refresh", "Access", "ACCESS", "access ", "id", "mfa", ""] {
        all.push(("type", Some(json!(kind)), Claims));
    }
    for roles in [
        json!([1]),
        json!([true]),
        json!([{}]),
        json!(["admin", null]),
        json!(["admin", ["admin"]]),
    ] {
        all.push(("roles", Some(roles), Claims));
    }
    for amr in [json!([1]), json!(["pwd", null])] {
        all.push(("amr", Some(amr), Claims));
    }
    all
}
