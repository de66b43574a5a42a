//! Events that are made up, some of them good enough for a handler.

use std::collections::BTreeSet;

use aws_smithy_types::base64;
use local::Template;
use proptest::collection::{hash_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};
use testing::PASSWORD;

/// Where the token of somebody who is signed in is to stand.
pub(crate) const TOKEN: &str = "<token>";

/// Stands for the method of the request in the key of a route.
const METHOD: &str = "{method}";

/// A request as it comes to the gateway.
#[derive(Clone, Debug)]
struct Request {
    method: String,
    path: String,
    query: Value,
    headers: Map<String, Value>,
    cookies: Value,
    body: Value,
    is_encoded: Value,
}

/// Where the gateway sends it: to a function, by a route.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) function: String,
    key: String,
    request: Request,
    /// A member that is missing, `null` or something else.
    damage: Option<(Index, Option<Value>)>,
}

impl Sent {
    pub(crate) fn event(&self) -> Value {
        let request = &self.request;
        let mut event = json!({
            "version": "2.0",
            "routeKey": self.key,
            "rawPath": request.path,
            "rawQueryString": request.query,
            "headers": request.headers,
            "cookies": request.cookies,
            "requestContext": {
                "routeKey": self.key,
                "stage": "$default",
                "requestId": "r",
                "domainName": testing::stack::DOMAIN,
                "timeEpoch": 0,
                "http": {
                    "method": request.method,
                    "path": request.path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1",
                    "userAgent": "made up",
                },
            },
            "body": request.body,
            "isBase64Encoded": request.is_encoded,
        });
        if let Some((index, instead)) = &self.damage {
            damage(&mut event, *index, instead.clone());
        }
        event
    }
}

fn damage(event: &mut Value, index: Index, instead: Option<Value>) {
    let parents = ["", "/requestContext", "/requestContext/http", "/headers"];
    let members: Vec<_> = parents
        .iter()
        .flat_map(|parent| {
            let object = event.pointer(parent).and_then(Value::as_object);
            let names = object.into_iter().flat_map(Map::keys);
            names.map(|name| (*parent, name.clone()))
        })
        .collect();
    let (parent, name) = &members[index.index(members.len())];
    let object = event.pointer_mut(parent).unwrap();
    let object = object.as_object_mut().unwrap();
    match instead {
        Some(instead) => object.insert(name.clone(), instead),
        None => object.remove(name),
    };
}

/// The routes of the template: a function and a pattern.
pub(crate) fn routes() -> Vec<(String, String)> {
    let routes = Template::load().routes().into_iter();
    let routes: BTreeSet<_> = routes.map(|route| (route.function, route.path)).collect();
    routes.into_iter().collect()
}

fn method() -> impl Strategy<Value = String> {
    prop_oneof![
        18 => select(vec!["GET", "POST", "PUT", "PATCH", "DELETE"]).prop_map(str::to_owned),
        1 => select(vec!["HEAD", "OPTIONS", "TRACE", "get"]).prop_map(str::to_owned),
        1 => "[A-Za-z !]{0,9}",
    ]
}

/// A segment of a path, good or bad.
fn segment() -> impl Strategy<Value = String> {
    let known = [
        "me",
        "sessions",
        "password",
        "admin",
        "users",
        "roles",
        "login",
        "..",
        ".",
        "",
        "%2e%2e",
        "..\\",
        "\\..",
        "%2f",
        "?",
        "#",
        "a b",
        "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12",
    ];
    prop_oneof![
        6 => select(known.to_vec()).prop_map(str::to_owned),
        2 => "[a-zA-Z0-9._~-]{1,12}",
        1 => "\\PC{0,6}",
    ]
}

/// A path by a pattern, or any other.
fn path(pattern: String) -> impl Strategy<Value = String> {
    let along = segment().prop_map(move |id| pattern.replace("{id}", &id));
    let other = vec(segment(), 0..6).prop_map(|segments| format!("/{}", segments.join("/")));
    prop_oneof![14 => along, 2 => other, 1 => ".{0,20}"]
}

fn query() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => Just(json!("")),
        1 => Just(Value::Null),
        1 => select(vec!["limit=10", "username=ada", "cursor=x&limit=1", "limit=%31", "a=\"<>&b= #"]).prop_map(|query| json!(query)),
        1 => ".{0,40}".prop_map(|query| json!(query)),
    ]
}

fn headers() -> impl Strategy<Value = Map<String, Value>> {
    let authorization = prop_oneof![
        3 => Just(format!("Bearer {TOKEN}")),
        1 => select(vec!["Bearer", "Bearer x", "Basic YTpi", ""]).prop_map(str::to_owned),
        1 => ".{0,30}",
    ];
    let content_type = select(vec![
        "application/json",
        "application/json",
        "application/x-www-form-urlencoded",
        "APPLICATION/JSON; charset=utf-8",
        "text/plain",
        "",
    ]);
    let known = select(vec![
        "host",
        "x-forwarded-proto",
        "x-forwarded-for",
        "cookie",
        "content-length",
        "transfer-encoding",
        "x-original-url",
    ]);
    let value = prop_oneof![8 => "[ -~]{0,40}", 1 => "\\PC{0,20}", 1 => ".{0,20}"];
    let value = value.prop_map(Value::from);
    let others = hash_map(known.prop_map(str::to_owned), value.clone(), 0..4);
    let odd = hash_map("[a-zA-Z-]{1,10}|.{0,6}", value, 0..2);
    let odd = prop_oneof![4 => Just(Default::default()), 1 => odd];
    (
        option::weighted(0.8, authorization),
        option::weighted(0.8, content_type),
        others,
        odd,
    )
        .prop_map(|(authorization, content_type, others, odd)| {
            let authorization =
                authorization.map(|value| ("authorization".to_owned(), value.into()));
            let content_type = content_type.map(|value| ("content-type".to_owned(), value.into()));
            let known = authorization.into_iter().chain(content_type);
            known.chain(others).chain(odd).collect()
        })
}

/// The text of a body.
fn text() -> impl Strategy<Value = String> {
    let name = select(vec![
        "username",
        "email",
        "password",
        "current_password",
        "refresh_token",
        "token",
        "roles",
        "status",
        "x",
    ]);
    let value = prop_oneof![
        2 => Just(Value::Null),
        2 => select(vec!["", "ada", "ada@example.com", "short", PASSWORD, "active", "latchkey_rt_x"]).prop_map(Value::from),
        1 => Just(json!(1)),
        1 => Just(json!(["admin"])),
        1 => ".{0,20}".prop_map(Value::from),
    ];
    let object = hash_map(name.prop_map(str::to_owned), value, 0..4);
    let object =
        object.prop_map(|members| Value::Object(members.into_iter().collect()).to_string());
    let form = "([a-z_]{0,12}=[a-z%+0-9]{0,12}&?){0,3}";
    prop_oneof![4 => object, 1 => form, 1 => ".{0,40}"]
}

/// A body and whether it is said to be base64.
fn body() -> impl Strategy<Value = (Value, Value)> {
    let plain = text().prop_map(|text| (json!(text), json!(false)));
    let encoded =
        vec(any::<u8>(), 0..60).prop_map(|bytes| (json!(base64::encode(bytes)), json!(true)));
    let wrong = text().prop_map(|text| (json!(text), json!(true)));
    let none =
        select(vec![json!(false), json!(true), Value::Null]).prop_map(|is| (Value::Null, is));
    prop_oneof![6 => plain, 1 => encoded, 1 => wrong, 2 => none]
}

fn cookies() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => Just(Value::Null),
        1 => vec("[ -~]{0,12}", 0..3).prop_map(Value::from),
        1 => vec(".{0,12}", 0..3).prop_map(Value::from),
    ]
}

fn instead() -> impl Strategy<Value = Option<Value>> {
    select(vec![
        None,
        Some(Value::Null),
        Some(json!(1)),
        Some(json!("")),
        Some(json!([])),
        Some(json!({})),
        Some(json!(true)),
    ])
}

/// Anything that could come, some of it good enough for a handler.
pub(crate) fn sent() -> impl Strategy<Value = Sent> {
    let route = select(routes());
    let at_route = route.prop_flat_map(move |(function, pattern)| {
        let request = (
            method(),
            path(pattern.clone()),
            query(),
            headers(),
            cookies(),
            body(),
        );
        let request = request.prop_map(
            |(method, path, query, headers, cookies, (body, is_encoded))| Request {
                method,
                path,
                query,
                headers,
                cookies,
                body,
                is_encoded,
            },
        );
        let key = prop_oneof![
            6 => Just("$default".to_owned()),
            6 => Just(format!("{METHOD} {pattern}")),
            1 => Just(format!("ANY {pattern}")),
            1 => method().prop_map(move |method| format!("{method} {pattern}")),
            1 => ".{0,12}",
        ];
        (Just(function), key, request)
    });
    let damage = prop_oneof![8 => Just(None), 1 => (any::<Index>(), instead()).prop_map(Some)];
    (at_route, damage).prop_map(|((function, key, request), damage)| Sent {
        function,
        key: key.replace(METHOD, &request.method),
        request,
        damage,
    })
}
