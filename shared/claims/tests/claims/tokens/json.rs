//! Headers and payloads that are no single JSON object, under a genuine signature.

use claims::Rejected;
use serde_json::{Value, json};

use super::payloads::{OPTIONAL, REQUIRED};
use super::support::{Forgery, Issuer, NOW, claims, encode, payload};

pub(crate) fn forgeries(issuer: &Issuer) -> Vec<Forgery> {
    let mut all = headers(issuer);
    all.extend(payloads(issuer));
    all
}

fn headers(issuer: &Issuer) -> Vec<Forgery> {
    let header = issuer.header().to_string();
    let (alg, kid) = (issuer.algorithm.as_str(), issuer.key.kid());
    let inner = &header[1..header.len() - 1];
    let texts = [
        format!(r#"{{"alg":"{alg}",{inner}}}"#),
        format!(r#"{{"alg":"none",{inner}}}"#),
        format!(r#"{{{inner},"alg":"none"}}"#),
        format!(r#"{{"\u0061lg":"none",{inner}}}"#),
        format!(r#"{{{inner},"kid":"{kid}"}}"#),
        format!(r#"{{"kid":"other",{inner}}}"#),
        format!(r#"{{{inner},"typ":"at+jwt"}}"#),
        format!(r#"{{"typ":"JWT",{inner}}}"#),
        format!(r#"["{alg}","{kid}","at+jwt"]"#),
        format!("[{header}]"),
        format!("{header}{header}"),
        format!("{header},"),
        format!("{header}\u{0}"),
        format!(" {header}"),
        format!("\n{header}"),
        format!("\u{feff}{header}"),
        format!("/**/{header}"),
        format!("{{{inner},}}"),
        format!(r#"{{"alg":"{alg}","kid":"{kid}","typ":"at+jwt""#),
        header.replace('"', "'"),
        "{}".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "true".to_owned(),
        "1".to_owned(),
        format!("{alg:?}"),
        String::new(),
        "[".repeat(1500),
        r#"{"alg":"#.repeat(200),
        format!(r#"{{"kid":{}"#, "[".repeat(1500)),
        format!(r#"{{{inner},"x":{}{}}}"#, "[".repeat(700), "]".repeat(700)),
    ];
    let mut all: Vec<Forgery> = texts
        .into_iter()
        .map(|text| {
            Forgery::new(
                format!("header {text}"),
                issuer.token(&text, payload()),
                Rejected::Header,
            )
        })
        .collect();
    let mut latin = header.into_bytes();
    latin.insert(2, 0xe9);
    let message = format!("{}.{}", encode(latin), encode(payload().to_string()));
    all.push(Forgery::new(
        "header not UTF-8",
        issuer.seal(&message),
        Rejected::Header,
    ));
    all
}

fn payloads(issuer: &Issuer) -> Vec<Forgery> {
    let whole = payload().to_string();
    let inner = &whole[1..whole.len() - 1];
    let in_order = serde_json::to_string(&claims()).expect("claims serialise");
    let values: Vec<Value> = [
        "iss",
        "sub",
        "aud",
        "client_id",
        "exp",
        "iat",
        "nbf",
        "jti",
        "sid",
    ]
    .into_iter()
    .chain([
        "auth_time",
        "acr",
        "amr",
        "preferred_username",
        "email_verified",
        "roles",
        "scope",
        "type",
        "fresh",
    ])
    .map(|claim| payload()[claim].clone())
    .collect();
    let mut texts = vec![
        json!(values).to_string(),
        format!("[{whole}]"),
        format!("{whole}{whole}"),
        format!("{whole},"),
        format!(" {whole}"),
        format!("\u{feff}{whole}"),
        format!("{{{inner},}}"),
        whole[..whole.len() - 1].to_owned(),
        whole.replace('"', "'"),
        in_order.replace("true", "True"),
        in_order.replace(&(NOW + 900).to_string(), "18446744073709551616"),
        in_order.replace(&(NOW + 900).to_string(), "1e10"),
        in_order.replace(&(NOW + 900).to_string(), "0x7fffffff"),
        in_order.replace(&(NOW + 900).to_string(), "Infinity"),
        in_order.replace(&(NOW + 900).to_string(), "01900000900"),
        in_order.replace("someone", "\\ud800"),
        format!(r#"{{"\u0065xp":99999999999,{inner}}}"#),
        format!(r#"{{"\u0069ss":"https://evil.example",{inner}}}"#),
        "{}".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "foo".to_owned(),
        String::new(),
        "[".repeat(1500),
        r#"{"iss":"#.repeat(200),
    ];
    for claim in REQUIRED.into_iter().chain(OPTIONAL) {
        texts.push(format!(r#"{{"{claim}":{},{inner}}}"#, payload()[claim]));
    }
    let mut all: Vec<Forgery> = texts
        .into_iter()
        .map(|text| {
            Forgery::new(
                format!("payload {text}"),
                issuer.token(issuer.header(), &text),
                Rejected::Claims,
            )
        })
        .collect();
    let mut latin = whole.into_bytes();
    latin.insert(2, 0xe9);
    let message = format!("{}.{}", encode(issuer.header().to_string()), encode(latin));
    all.push(Forgery::new(
        "payload not UTF-8",
        issuer.seal(&message),
        Rejected::Claims,
    ));
    all
}
