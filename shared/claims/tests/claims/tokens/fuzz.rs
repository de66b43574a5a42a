//! Generated input: nothing panics, and nothing but what was signed is accepted.

use claims::{Algorithm, Claims};
use proptest::prelude::*;

use super::support::{EXPECTED, NOW, claims, encode, issuer, payload};

fn algorithm() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(Algorithm::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_string_is_accepted(text in any::<String>(), algorithm in algorithm()) {
        prop_assert!(issuer(algorithm).verify(&text, NOW).is_err());
    }

    #[test]
    fn no_three_parts_are_accepted(
        parts in prop::array::uniform3(prop::collection::vec(any::<u8>(), 0..200)),
        algorithm in algorithm(),
    ) {
        let token = parts.map(encode).join(".");
        prop_assert!(issuer(algorithm).verify(&token, NOW).is_err());
    }

    #[test]
    fn no_bytes_under_a_genuine_header_are_accepted(
        body in prop::collection::vec(any::<u8>(), 0..400),
        signature in prop::collection::vec(any::<u8>(), 0..300),
        algorithm in algorithm(),
    ) {
        let issuer = issuer(algorithm);
        let header = encode(issuer.header().to_string());
        let token = format!("{header}.{}.{}", encode(body), encode(signature));
        prop_assert!(issuer.verify(&token, NOW).is_err());
    }

    #[test]
    fn no_damaged_claims_under_a_genuine_signature_panic(
        place in any::<prop::sample::Index>(), byte in 0_u8..128, algorithm in algorithm(),
    ) {
        let issuer = issuer(algorithm);
        let mut text = payload().to_string().into_bytes();
        let place = place.index(text.len());
        text[place] = byte;
        let text = String::from_utf8(text).expect("ASCII");
        // A changed byte may give other sound claims, but never another issuer or audience.
        if let Ok(claims) = issuer.verify(&issuer.token(issuer.header(), text), NOW) {
            prop_assert_eq!(claims.iss, EXPECTED.issuer);
            prop_assert_eq!(claims.aud, EXPECTED.audience);
        }
    }

    #[test]
    fn no_token_with_one_changed_character_is_accepted(
        place in any::<prop::sample::Index>(), changed in any::<char>(), ascii in 0_u8..128,
        use_ascii in any::<bool>(), algorithm in algorithm(),
    ) {
        let issuer = issuer(algorithm);
        let mut characters: Vec<char> = issuer.genuine().chars().collect();
        let changed = if use_ascii { char::from(ascii) } else { changed };
        let place = place.index(characters.len());
        prop_assume!(characters[place] != changed);
        characters[place] = changed;
        let token: String = characters.into_iter().collect();
        prop_assert!(issuer.verify(&token, NOW).is_err());
    }

    #[test]
    fn any_sound_claims_come_back_as_they_were_signed(
        sub in "\\PC{1,60}", name in prop::option::of("\\PC{0,60}"), scope in "[a-z: ]{0,40}",
        amr in prop::collection::vec("\\PC{0,10}", 0..4), fresh in any::<bool>(),
        acr in prop::option::of("\\PC{0,10}"), auth_time in any::<u64>(),
        email_verified in any::<Option<bool>>(), algorithm in algorithm(),
    ) {
        let issuer = issuer(algorithm);
        let preferred_username = name;
        let signed = Claims {
            sub, preferred_username, email_verified, scope, acr, amr, fresh, auth_time,
            ..claims()
        };
        let token = issuer.key.sign(&signed).expect("claims can be signed");
        prop_assert_eq!(issuer.verify(&token, NOW), Ok(signed));
    }
}

#[test]
fn no_token_with_one_flipped_bit_is_accepted() {
    for algorithm in Algorithm::ALL {
        let issuer = issuer(algorithm);
        let token = issuer.genuine().into_bytes();
        for place in 0..token.len() {
            for bit in 0..7 {
                let mut damaged = token.clone();
                damaged[place] ^= 1 << bit;
                let damaged = String::from_utf8(damaged).expect("ASCII");
                assert!(
                    issuer.verify(&damaged, NOW).is_err(),
                    "{algorithm}: {damaged}"
                );
            }
        }
    }
}
