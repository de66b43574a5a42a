//! Events, member by member.

use axum::http::Request;
use time::macros::datetime;

use super::*;
use crate::gateway::routes::Routes;
use crate::template::Route;

/// The event of a request to `GET /a/{x}`, or to another method of it.
fn event(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Value {
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let routes = Routes::of(vec![Route {
        path: "/a/{x}".to_owned(),
        method: "ANY".to_owned(),
        function: "f".to_owned(),
    }]);
    let path = uri::path(&parts.uri);
    let sent = Sent {
        path: &path,
        body: body.as_bytes(),
        source_ip: "192.0.2.1",
        request_id: "r",
        now: datetime!(2020-03-12 19:03:58.39 UTC),
        parts: &parts,
    };
    let site = Site {
        domain_name: "id.execute-api.us-east-1.amazonaws.com".to_owned(),
        scheme: "https",
        port: 443,
    };
    of(&routes.find(&parts.method, &path).unwrap(), &sent, &site)
}

#[test]
fn an_event_has_what_the_format_has() {
    let headers = [
        ("Host", "example.com"),
        ("User-Agent", "agent"),
        ("Content-Type", "text/plain"),
        ("X-Amzn-Trace-Id", "Root=1-2-3"),
    ];
    let event = event("POST", "/a/b%20c?d=%20e&d=f", &headers, "Hello");
    let expected = json!({
        "version": "2.0",
        "routeKey": "ANY /a/{x}",
        "rawPath": "/a/b c",
        "rawQueryString": "d=%20e&d=f",
        "headers": {
            "content-length": "5",
            "content-type": "text/plain",
            "host": "example.com",
            "user-agent": "agent",
            "x-amzn-trace-id": "Root=1-2-3",
            "x-forwarded-for": "192.0.2.1",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "queryStringParameters": { "d": " e,f" },
        "pathParameters": { "x": "b c" },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "id",
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": "POST",
                "path": "/a/b c",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "agent",
            },
            "requestId": "r",
            "routeKey": "ANY /a/{x}",
            "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1_584_039_838_390_u64,
        },
        "body": "Hello",
        "isBase64Encoded": false,
    });
    assert_eq!(event, expected);
}

#[test]
fn what_there_is_nothing_of_is_absent() {
    let event = event("GET", "/a/b", &[], "");
    for member in ["cookies", "queryStringParameters", "body"] {
        assert_eq!(event.get(member), None, "{member}");
    }
    assert_eq!(event["requestContext"]["http"].get("userAgent"), None);
    assert_eq!(event["headers"]["content-length"], "0");
    let domain = &event["requestContext"]["domainName"];
    assert_eq!(&event["headers"]["host"], domain);
    let trace = event["headers"]["x-amzn-trace-id"].as_str().unwrap();
    assert!(trace.starts_with("Root=1-5e6a879e-"), "{trace}");
    assert_eq!(trace.len(), "Root=1-5e6a879e-".len() + 24);
}

#[test]
fn doubled_headers_are_joined_and_cookies_stand_apart() {
    let headers = [
        ("X-Two", "a"),
        ("x-two", "b, c"),
        ("Cookie", "d=1; e=2"),
        ("Cookie", "f=3"),
    ];
    let event = event("GET", "/a/b", &headers, "");
    assert_eq!(event["headers"]["x-two"], "a,b, c");
    assert_eq!(event["cookies"], json!(["d=1", "e=2", "f=3"]));
    assert_eq!(event["headers"].get("cookie"), None);
}

#[test]
fn the_address_of_the_client_comes_last_and_no_header_of_hers_counts_for_the_rest() {
    let headers = [
        ("X-Forwarded-For", "203.0.113.1"),
        ("X-Forwarded-Proto", "gopher"),
        ("X-Forwarded-Port", "70"),
    ];
    let event = event("GET", "/a/b", &headers, "");
    let headers = &event["headers"];
    assert_eq!(headers["x-forwarded-for"], "203.0.113.1, 192.0.2.1");
    assert_eq!(headers["x-forwarded-proto"], "https");
    assert_eq!(headers["x-forwarded-port"], "443");
    let source = &event["requestContext"]["http"]["sourceIp"];
    assert_eq!(source, "192.0.2.1");
}

#[test]
fn headers_of_a_connection_go_no_further() {
    let headers = [("Connection", "close"), ("TE", "trailers"), ("X", "y")];
    let event = event("GET", "/a/b", &headers, "");
    assert_eq!(event["headers"].get("connection"), None);
    assert_eq!(event["headers"].get("te"), None);
    assert_eq!(event["headers"]["x"], "y");
}

#[test]
fn a_body_is_text_or_base64() {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let event = event("POST", "/a/b", &form, "a=b");
    assert_eq!(event["body"], "YT1i");
    assert_eq!(event["isBase64Encoded"], true);
}

#[test]
fn ids_differ_and_have_the_length_of_aws_s() {
    let (one, other) = (request_id(), request_id());
    assert_ne!(one, other);
    assert!(one.len() == 16 && one.ends_with('='), "{one}");
}
