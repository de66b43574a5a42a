//! Genuine tokens: what they look like, and until when they are accepted.

use claims::{Algorithm, Claims, KeyError, KeySet, LEEWAY, MAX_TOKEN_LENGTH, Rejected, Typ};
use serde_json::{Value, json};

use super::support::{EXPECTED, NOW, claims, decode, issuer, payload, with};

#[test]
fn a_signed_token_gives_its_claims_back() {
    for algorithm in Algorithm::ALL {
        let issuer = issuer(algorithm);
        assert_eq!(
            issuer.verify(&issuer.genuine(), NOW),
            Ok(claims()),
            "{algorithm}"
        );
    }
}

#[test]
fn one_set_verifies_the_tokens_of_all_its_keys() {
    let jwks = Algorithm::ALL.map(|algorithm| issuer(algorithm).key.jwk().clone());
    let set = KeySet::new(jwks).expect("three good keys");
    for algorithm in Algorithm::ALL {
        assert_eq!(
            set.verify(&issuer(algorithm).genuine(), &EXPECTED, NOW),
            Ok(claims())
        );
    }
}

#[test]
fn a_token_is_read_as_the_kind_that_it_is_and_as_no_other() {
    let other = Typ::new("JWT");
    for algorithm in Algorithm::ALL {
        let issuer = issuer(algorithm);
        let token = issuer.key.sign_as(other, &claims()).expect("it is signed");
        assert_eq!(issuer.verify(&token, NOW), Err(Rejected::Type));
        assert_eq!(issuer.set.verify_as(other, &token), Ok(claims()));
        let genuine = issuer.set.verify_as::<Claims>(other, &issuer.genuine());
        assert_eq!(genuine, Err(Rejected::Type));
        // The signature of the other token under this one's header.
        let (message, _) = token.rsplit_once('.').expect("a token has dots");
        let genuine = issuer.genuine();
        let (_, signature) = genuine.rsplit_once('.').expect("a token has dots");
        let forged = format!("{message}.{signature}");
        let forged = issuer.set.verify_as::<Claims>(other, &forged);
        assert_eq!(forged, Err(Rejected::Signature), "{algorithm}");
    }
}

#[test]
fn a_payload_of_any_shape_is_signed_and_read() {
    let (issuer, other) = (issuer(Algorithm::EdDsa), Typ::new("JWT"));
    let payload = json!({ "nonce": "n", "aud": ["a", "b"] });
    let token = issuer.key.sign_as(other, &payload).expect("it is signed");
    assert_eq!(issuer.set.verify_as(other, &token), Ok(payload));
    let read = issuer.set.verify_as::<Claims>(other, &token);
    assert_eq!(read, Err(Rejected::Claims));
}

#[test]
fn the_header_has_exactly_three_members() {
    for algorithm in Algorithm::ALL {
        let issuer = issuer(algorithm);
        let token = issuer.genuine();
        let (header, _) = token.split_once('.').expect("a token has dots");
        let header: Value = serde_json::from_slice(&decode(header)).expect("the header is JSON");
        assert_eq!(header, issuer.header());
    }
}

#[test]
fn the_type_may_be_spelt_in_full_and_members_may_come_in_any_order() {
    for algorithm in Algorithm::ALL {
        let issuer = issuer(algorithm);
        let full = with(issuer.header(), "typ", Some(json!("application/at+jwt")));
        assert_eq!(
            issuer.verify(&issuer.token(full, payload()), NOW),
            Ok(claims())
        );
        let (kid, alg) = (issuer.key.kid(), issuer.algorithm);
        let turned = format!(r#"{{"typ":"at+jwt","kid":"{kid}","alg":"{alg}"}}"#);
        assert_eq!(
            issuer.verify(&issuer.token(turned, payload()), NOW),
            Ok(claims())
        );
    }
}

#[test]
fn a_claim_of_a_later_release_is_tolerated() {
    let issuer = issuer(Algorithm::EdDsa);
    let later = with(payload(), "later", Some(json!({ "nested": [1, 2] })));
    assert_eq!(
        issuer.verify(&issuer.token(issuer.header(), later), NOW),
        Ok(claims())
    );
}

#[test]
fn an_account_without_name_level_roles_and_scope_has_a_token_too() {
    let issuer = issuer(Algorithm::EdDsa);
    let plain = Claims {
        acr: None,
        preferred_username: None,
        email_verified: None,
        roles: vec![],
        scope: String::new(),
        ..claims()
    };
    let token = issuer.key.sign(&plain).expect("claims can be signed");
    assert_eq!(issuer.verify(&token, NOW), Ok(plain));
}

#[test]
fn a_token_lives_until_the_last_second_of_the_leeway() {
    let issuer = issuer(Algorithm::EdDsa);
    let (token, exp) = (issuer.genuine(), claims().exp);
    assert_eq!(issuer.verify(&token, exp + LEEWAY - 1), Ok(claims()));
    assert_eq!(issuer.verify(&token, exp + LEEWAY), Err(Rejected::Expired));
    assert_eq!(issuer.verify(&token, u64::MAX), Err(Rejected::Expired));
}

#[test]
fn a_token_counts_from_the_first_second_of_the_leeway() {
    let issuer = issuer(Algorithm::EdDsa);
    let token = issuer.genuine();
    assert_eq!(issuer.verify(&token, NOW - LEEWAY), Ok(claims()));
    assert_eq!(
        issuer.verify(&token, NOW - LEEWAY - 1),
        Err(Rejected::NotYetValid)
    );
    assert_eq!(issuer.verify(&token, 0), Err(Rejected::NotYetValid));
}

#[test]
fn the_end_of_time_does_not_overflow() {
    let issuer = issuer(Algorithm::EdDsa);
    let eternal = Claims {
        exp: u64::MAX,
        ..claims()
    };
    let token = issuer.key.sign(&eternal).expect("claims can be signed");
    assert_eq!(issuer.verify(&token, u64::MAX - 1), Ok(eternal));
    assert_eq!(issuer.verify(&token, u64::MAX), Err(Rejected::Expired));
}

#[test]
fn what_is_signed_is_short_enough_to_be_read() {
    for algorithm in Algorithm::ALL {
        let issuer = issuer(algorithm);
        let mut longest = 0;
        for length in 2000.. {
            let long = Claims {
                client_id: "x".repeat(length),
                ..claims()
            };
            match issuer.key.sign(&long) {
                Ok(token) => {
                    longest = token.len();
                    assert_eq!(issuer.verify(&token, NOW), Ok(long));
                }
                Err(error) => {
                    assert_eq!(error, KeyError::TokenTooLong);
                    break;
                }
            }
        }
        assert!(
            (MAX_TOKEN_LENGTH - 1..=MAX_TOKEN_LENGTH).contains(&longest),
            "{longest}"
        );
    }
}

#[test]
fn refusals_say_nothing_about_the_token() {
    let issuer = issuer(Algorithm::EdDsa);
    let token = issuer.token(
        issuer.header(),
        with(payload(), "iss", Some(json!("leaked"))),
    );
    let refusal = issuer.verify(&token, NOW).expect_err("another issuer");
    assert!(!refusal.to_string().contains("leaked") && !format!("{refusal:?}").contains("leaked"));
}
