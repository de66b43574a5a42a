//! Hostile headers under a genuine signature, so that nothing but the header can be at fault.

use claims::Rejected;
use serde_json::{Value, json};

use super::support::{Forgery, Issuer, payload, with};

pub(crate) fn forgeries(issuer: &Issuer) -> Vec<Forgery> {
    use Rejected::{Header, Type, UnknownKey};
    let kid = issuer.key.kid();
    let jwk = serde_json::to_value(issuer.key.jwk()).expect("a JWK serialises");
    let mut cases: Vec<(&str, Option<Value>, Rejected)> = Vec::new();
    let additions = [
        ("jwk", jwk),
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/cert.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("x5t#S256", json!("AAAA")),
        ("cty", json!("JWT")),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("epk", json!({})),
        ("p2c", json!(2_147_483_647)),
        ("p2s", json!("AAAA")),
        ("url", json!("https://evil.example")),
        ("nonce", json!("AAAA")),
        ("iss", json!("https://auth.example")),
        ("KID", json!(kid)),
        ("", json!("")),
        ("__proto__", json!({ "alg": "none" })),
    ];
    cases.extend(additions.map(|(member, value)| (member, Some(value), Header)));
    for crit in [
        json!(["exp"]),
        json!(["b64"]),
        json!(["alg"]),
        json!([]),
        json!("exp"),
        Value::Null,
    ] {
        cases.push(("crit", Some(crit), Header));
    }
    for member in ["alg", "kid", "typ"] {
        cases.push((member, None, Header));
        let own = issuer.header()[member].clone();
        for value in [
            Value::Null,
            json!(1),
            json!(true),
            json!([own]),
            json!({ "a": own }),
            json!([]),
        ] {
            cases.push((member, Some(value), Header));
        }
    }
    let kids = [
        String::new(),
        "0".to_owned(),
        "../../../../dev/null".to_owned(),
        "/proc/sys/kernel/randomize_va_space".to_owned(),
        "' OR '1'='1".to_owned(),
        "x' UNION SELECT 'secret' --".to_owned(),
        "| whoami".to_owned(),
        "https://evil.example/key".to_owned(),
        "\u{0}".to_owned(),
        "__proto__".to_owned(),
        format!("{kid} "),
        format!(" {kid}"),
        format!("{kid}\u{0}"),
        format!("{kid}="),
        kid.to_lowercase(),
        kid.to_uppercase(),
        kid[1..].to_owned(),
        kid[..kid.len() - 1].to_owned(),
        "A".repeat(1000),
    ];
    cases.extend(kids.map(|kid| ("kid", Some(json!(kid)), UnknownKey)));
    let types = [
        "",
        "JWT",
        "jwt",
        "at+JWT",
        "AT+JWT",
        "At+jwt",
        "rt+jwt",
        "id+jwt",
        "logout+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "application/jwt",
        "application/AT+JWT",
        "text/at+jwt",
        " at+jwt",
        "at+jwt ",
        "at+jwt\u{0}",
        "at jwt",
        "application/at+jwt;v=1",
        "JOSE",
        "JOSE+JSON",
    ];
    cases.extend(types.map(|typ| ("typ", Some(json!(typ)), Type)));
    let forge = |(member, value, reason): (&str, Option<Value>, Rejected)| {
        let name = format!("header {member} = {value:?}");
        let header = with(issuer.header(), member, value);
        Forgery::new(name, issuer.token(header, payload()), reason)
    };
    cases.into_iter().map(forge).collect()
}
