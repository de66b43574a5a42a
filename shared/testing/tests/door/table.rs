//! Events that no gateway, or no decent client, would send.

use serde_json::{Value, json};

/// The expected answer to an event of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    /// This status.
    Is(u64),
    /// The answer to the event that it was made of.
    AsBefore,
    /// Any answer of the function, but no fault.
    Answered,
}

use Expected::{Answered, AsBefore, Is};

/// Events made of another: what was done to it, its text, and what is expected.
pub(crate) fn table(plain: &Value) -> Vec<(String, String, Expected)> {
    let mut table = Vec::new();
    let mut set = |pointer: &str, value: Value, expected| {
        let what = format!("{pointer} = {}", short(&value));
        let mut event = plain.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        event.pointer_mut(parent).unwrap()[name] = value;
        table.push((what, event.to_string(), expected));
    };
    let path = plain["rawPath"].as_str().unwrap().trim_end_matches('/');
    for suffix in [
        "//", "/..", "/.", "/../x", "\\", "\\..", "%", "%2e", "%00", "\0", " ", "?x", "#x", ";x",
        "é", "\u{202e}",
    ] {
        set("/rawPath", json!(format!("{path}{suffix}")), Is(404));
    }
    for other in [
        "",
        "*",
        "x",
        "//",
        "//x",
        "/..",
        "/../..",
        "/%",
        "\\",
        "http://x",
        "http://x/",
        "/nothing",
    ] {
        set("/rawPath", json!(other), Is(404));
    }
    set(
        "/rawPath",
        json!(format!("/{}", "x".repeat(70_000))),
        Is(400),
    );
    for none in [json!(1), json!(["/"]), json!({})] {
        set("/rawPath", none.clone(), Is(400));
        set("/routeKey", none.clone(), Is(400));
        set("/rawQueryString", none.clone(), Is(400));
        set("/body", none, Is(400));
    }
    for key in ["", "ANY", "ANY /nothing", "GET /nothing", "$default ", "\0"] {
        set("/routeKey", json!(key), Is(404));
    }
    for query in [
        "", "\"", "<>", " ", "#", "x=y#z", "%", "%zz", "\0", "é", "&&==", "\\", "//x/", "?",
    ] {
        // Some routes take parameters, and refuse others than theirs.
        set("/rawQueryString", json!(query), Answered);
    }
    set("/rawQueryString", json!("x".repeat(70_000)), Is(400));
    for proto in [
        "https, http",
        "",
        "http://x/me/sessions?",
        "javascript:",
        "é",
        "/",
        "file",
        "http://x\\",
    ] {
        set("/headers/x-forwarded-proto", json!(proto), AsBefore);
    }
    for host in [
        "", " ", "a b", "x/y?z", "x#", "[::1", "x:99999", "@", "é", "x\\y", "%",
    ] {
        set("/headers/host", json!(host), AsBefore);
        set("/requestContext/domainName", json!(host), Answered);
    }
    for name in [
        "x-original-url",
        "x-rewrite-url",
        "x-forwarded-path",
        "x-forwarded-prefix",
        "x-http-method-override",
        "forwarded",
    ] {
        set(&format!("/headers/{name}"), json!("/me/sessions"), AsBefore);
        set(&format!("/headers/{name}"), json!("DELETE"), AsBefore);
    }
    set("/headers/x-long", json!("x".repeat(200_000)), AsBefore);
    set("/headers/x-none", Value::Null, AsBefore);
    set("/headers", many(1_000), Answered);
    for bad in [
        json!({ "a b": "" }),
        json!({ "": "" }),
        json!({ "a": "\r\nb: c" }),
        json!({ "a": 1 }),
        json!({ "a": ["b"] }),
    ] {
        set("/headers", bad, Is(400));
    }
    set("/headers", many(40_000), Is(400));
    set("/headers", json!([]), Is(400));
    for cookies in [Value::Null, json!([]), json!(["a=b", "c"]), json!([""])] {
        set("/cookies", cookies, AsBefore);
    }
    for cookies in [json!("a=b"), json!([1]), json!(["\r\n"])] {
        set("/cookies", cookies, Is(400));
    }
    // Not the one of the route that the event has come by.
    for method in ["TRACE", "CONNECT", "post", "X"] {
        set("/requestContext/http/method", json!(method), Is(404));
    }
    // `aws_lambda_events` takes it for GET.
    set("/requestContext/http/method", json!(""), Answered);
    for method in [json!("GET /"), json!("é"), json!(1), Value::Null] {
        set("/requestContext/http/method", method, Is(400));
    }
    for address in ["", "x", "203.0.113.7:1234", "[::1]:1", "\0"] {
        set("/requestContext/http/sourceIp", json!(address), AsBefore);
    }
    for member in ["authorizer", "authentication"] {
        set(&format!("/requestContext/{member}"), json!({}), Answered);
        set(
            &format!("/requestContext/{member}"),
            json!({ "lambda": 1 }),
            Answered,
        );
    }
    table.extend(bodies(plain));
    table.extend(missing(plain));
    table.extend(others(plain));
    table
}

fn many(names: usize) -> Value {
    let headers = (0..names).map(|n| (format!("x-{n}"), json!("x")));
    Value::Object(headers.collect())
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}

fn bodies(plain: &Value) -> Vec<(String, String, Expected)> {
    [
        (json!("no base64!"), json!(true), Is(400)),
        (json!("e30"), json!(true), Is(400)),
        (json!("e30=\n"), json!(true), Is(400)),
        (json!("{}"), json!("true"), Is(400)),
        (json!("{}"), json!(1), Is(400)),
        (json!("//79"), json!(true), Answered),
        (json!("e30="), json!(true), Answered),
        (json!("é\u{0}"), json!(false), Answered),
        (json!("x".repeat(1_000_000)), json!(false), Answered),
        (json!("[".repeat(16_000)), json!(false), Answered),
        (json!(""), json!(true), Answered),
        (Value::Null, json!(true), Answered),
        (Value::Null, Value::Null, Answered),
    ]
    .into_iter()
    .map(|(body, is_encoded, expected)| {
        let what = format!("body = {}, isBase64Encoded = {is_encoded}", short(&body));
        let mut event = plain.clone();
        event["body"] = body;
        event["isBase64Encoded"] = is_encoded;
        (what, event.to_string(), expected)
    })
    .collect()
}

/// Without each of its members, and with `null` instead.
fn missing(plain: &Value) -> Vec<(String, String, Expected)> {
    let needed = [
        "/routeKey",
        "/rawPath",
        "/requestContext",
        "/requestContext/domainName",
        "/requestContext/http",
        "/requestContext/http/method",
    ];
    let mut table = Vec::new();
    for parent in ["", "/requestContext", "/requestContext/http"] {
        for name in plain.pointer(parent).unwrap().as_object().unwrap().keys() {
            let pointer = format!("{parent}/{name}");
            let expected = if needed.contains(&pointer.as_str()) {
                Is(400)
            } else {
                Answered
            };
            let mut event = plain.clone();
            let object = event.pointer_mut(parent).unwrap().as_object_mut().unwrap();
            object.insert(name.clone(), Value::Null);
            table.push((format!("{pointer} = null"), event.to_string(), expected));
            let object = event.pointer_mut(parent).unwrap().as_object_mut().unwrap();
            object.remove(name);
            table.push((format!("no {pointer}"), event.to_string(), expected));
        }
    }
    table
}

/// Payloads that are not events of an HTTP API.
fn others(plain: &Value) -> Vec<(String, String, Expected)> {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let within = json!({ "requestContext": 0, "rawPath": "/", "routeKey": "$default" });
    let text = plain.to_string();
    let texts = [
        "[]".to_owned(),
        "null".to_owned(),
        "true".to_owned(),
        "1e999".to_owned(),
        "\"text\"".to_owned(),
        "{\"a\":1}".to_owned(),
        r#"{"resource":"/","path":"/","httpMethod":"GET","requestContext":{"elb":{"targetGroupArn":"x"}}}"#.to_owned(),
        r#"{"version":"1.0","resource":"/","path":"/","httpMethod":"GET","requestContext":{"stage":"$default"}}"#.to_owned(),
        r#"{"Records":[{"eventSource":"aws:sqs","body":"x"}]}"#.to_owned(),
        format!("{{\"rawPath\":\"/x\",{}", &text[1..]),
        deep.clone(),
        within.to_string().replace('0', &deep),
    ];
    let case = |text: String| (text.chars().take(60).collect(), text, Is(400));
    texts.into_iter().map(case).collect()
}
