//! The tokens of Project Wycheproof, none of which is ours.

use claims::Algorithm;
use serde::Deserialize;

use super::support::{NOW, issuer};

#[derive(Deserialize)]
struct Vectors {
    tokens: Vec<(String, u32, String, String)>,
}

#[test]
fn no_token_of_wycheproof_is_accepted() {
    let vectors: Vectors = serde_json::from_str(include_str!("../vectors/wycheproof_tokens.json"))
        .expect("the vectors are JSON");
    assert_eq!(vectors.tokens.len(), 510);
    for algorithm in Algorithm::ALL {
        for (group, id, comment, token) in &vectors.tokens {
            let verdict = issuer(algorithm).verify(token, NOW);
            assert!(verdict.is_err(), "{algorithm}: {group} {id} {comment}");
        }
    }
}
