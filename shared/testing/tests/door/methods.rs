//! The methods of a path: each is a route, and what is none is refused.

use std::collections::{BTreeMap, BTreeSet};

use local::Template;
use serde_json::{Value, json};
use testing::Stack;

use crate::{invoke, started};

const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
];

/// The methods of each function and path of the template. Where there is GET, a function answers
/// HEAD as well.
fn methods() -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut methods = BTreeMap::<_, BTreeSet<_>>::new();
    for route in Template::load().routes() {
        let of_path = methods.entry((route.function, route.path)).or_default();
        if route.method == "GET" {
            of_path.insert("HEAD".to_owned());
        }
        of_path.insert(route.method);
    }
    methods
}

fn event(key: &str, method: &str, path: &str) -> Value {
    let mut event = testing::event("discovery");
    event["routeKey"] = json!(key);
    event["requestContext"]["http"]["method"] = json!(method);
    event["rawPath"] = json!(path.replace("{id}", "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12"));
    event
}

#[tokio::test]
async fn a_function_has_the_routes_of_the_template_and_no_others() {
    let stack = Stack::start().await;
    for ((function, path), allowed) in methods() {
        let function = started(&function, &stack);
        for method in METHODS {
            let outcome = invoke(&function, &event("$default", method, &path).to_string()).await;
            let what = format!("{method} {path}: {}", outcome.line);
            if allowed.contains(method) {
                assert!(![404, 405].contains(&outcome.status()), "{what}");
                continue;
            }
            assert_eq!(outcome.status(), 405, "{what}");
            let answer = outcome.answer.as_ref().unwrap();
            let named = answer["headers"]["allow"].as_str().unwrap().split(',');
            assert_eq!(named.map(str::to_owned).collect::<BTreeSet<_>>(), allowed);
        }
    }
}

#[tokio::test]
async fn a_request_with_another_method_than_its_route_is_not_here() {
    let stack = Stack::start().await;
    for route in Template::load().routes() {
        let function = started(&route.function, &stack);
        let key = format!("{} {}", route.method, route.path);
        for method in METHODS {
            let outcome = invoke(&function, &event(&key, method, &route.path).to_string()).await;
            let is_found = ![404, 405].contains(&outcome.status());
            assert_eq!(is_found, method == route.method, "{method} by {key}");
        }
    }
}
