//! Tokens, genuine and forged, under each algorithm.

mod algorithms;
mod encodings;
mod fuzz;
mod genuine;
mod headers;
mod json;
mod paddings;
mod payloads;
mod signatures;
mod support;
mod transplants;
mod wycheproof;

use std::collections::HashSet;

use claims::Algorithm;
use support::{Forgery, Issuer, NOW};

/// The least number of distinct forgeries. It may grow; a smaller corpus is a mistake.
const FORGERIES: usize = 2200;

const KINDS: [fn(&Issuer) -> Vec<Forgery>; 7] = [
    algorithms::forgeries,
    encodings::forgeries,
    headers::forgeries,
    json::forgeries,
    payloads::forgeries,
    signatures::forgeries,
    transplants::forgeries,
];

#[test]
fn every_forgery_is_refused_for_its_own_reason() {
    let mut tried = HashSet::new();
    for algorithm in Algorithm::ALL {
        let issuer = support::issuer(algorithm);
        assert!(issuer.verify(&issuer.genuine(), NOW).is_ok(), "{algorithm}");
        for Forgery {
            name,
            token,
            reason,
        } in KINDS.iter().flat_map(|forge| forge(issuer))
        {
            let verdict = issuer.verify(&token, NOW);
            assert_eq!(verdict, Err(reason), "{algorithm}: {name}: {token}");
            assert!(
                tried.insert((algorithm, token)),
                "{algorithm}: {name} is tried twice"
            );
        }
        println!("{} forgeries refused up to {algorithm}", tried.len());
    }
    assert!(tried.len() >= FORGERIES, "only {} forgeries", tried.len());
}
