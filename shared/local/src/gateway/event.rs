//! The event of a request, payload format 2.0.

use std::collections::BTreeMap;

use axum::http::header::{
    CONNECTION, CONTENT_LENGTH, COOKIE, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::macros::format_description;
use uuid::Uuid;

use super::routes::Found;
use super::{Site, body, uri};

/// A request, with the gateway's own data about it.
pub(super) struct Sent<'a> {
    pub(super) parts: &'a Parts,
    /// Decoded.
    pub(super) path: &'a str,
    pub(super) body: &'a [u8],
    pub(super) source_ip: &'a str,
    pub(super) request_id: &'a str,
    pub(super) now: OffsetDateTime,
}

/// The account of every event.
const ACCOUNT: &str = "123456789012";

/// They are between two neighbours and go no further (RFC 9110 §7.6.1). No event of AWS's is seen
/// with one.
const OF_CONNECTIONS: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The event of [payload format
/// 2.0](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.proxy-format).
/// Cookies, parameters and a body are absent if the request has none.
pub(super) fn of(found: &Found<'_>, sent: &Sent<'_>, site: &Site) -> Value {
    let query = sent.parts.uri.query().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": found.key,
        "rawPath": sent.path,
        // As it was sent: whoever decodes it does so once.
        "rawQueryString": query,
        "headers": headers(sent, site),
        "requestContext": context(found, sent, site),
        "isBase64Encoded": false,
    });
    let cookies = cookies(&sent.parts.headers);
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    if !query.is_empty() {
        event["queryStringParameters"] = json!(uri::parameters(query));
    }
    if !found.variables.is_empty() {
        event["pathParameters"] = json!(found.variables);
    }
    if !sent.body.is_empty() {
        let carried = body::carry(&sent.parts.headers, sent.body);
        event["body"] = json!(carried.text);
        event["isBase64Encoded"] = json!(carried.is_base64_encoded);
    }
    event
}

/// All names are in lower case, and [duplicate headers are combined with
/// commas](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
/// The gateway adds the address of the client to `x-forwarded-for` and sets what else tells how it
/// was called; a trace that the client has begun goes on.
fn headers(sent: &Sent<'_>, site: &Site) -> BTreeMap<String, String> {
    let given = &sent.parts.headers;
    let names = given
        .keys()
        .filter(|name| **name != COOKIE && !OF_CONNECTIONS.contains(name));
    let joined = names.map(|name| (name.to_string(), texts(given, name).join(",")));
    let mut headers: BTreeMap<_, _> = joined.collect();
    let mut set = |name: &str, value: String| headers.insert(name.to_owned(), value);
    set(CONTENT_LENGTH.as_str(), sent.body.len().to_string());
    set("x-forwarded-proto", site.scheme.to_owned());
    set("x-forwarded-port", site.port.to_string());
    let forwarded = headers.entry("x-forwarded-for".to_owned()).or_default();
    if !forwarded.is_empty() {
        forwarded.push_str(", ");
    }
    forwarded.push_str(sent.source_ip);
    let host = headers.entry(HOST.to_string());
    host.or_insert_with(|| site.domain_name.clone());
    let trace = headers.entry("x-amzn-trace-id".to_owned());
    trace.or_insert_with(|| trace_id(sent.now));
    headers
}

/// [The cookies of all
/// headers](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html),
/// one by one. The header itself is not among the headers of an event.
fn cookies(headers: &HeaderMap) -> Vec<String> {
    let texts = texts(headers, &COOKIE);
    let cookies = texts.iter().flat_map(|text| text.split(';')).map(str::trim);
    let cookies = cookies.filter(|cookie| !cookie.is_empty());
    cookies.map(ToOwned::to_owned).collect()
}

fn context(found: &Found<'_>, sent: &Sent<'_>, site: &Site) -> Value {
    let prefix = site.domain_name.split('.').next().unwrap_or_default();
    let time = sent.now.format(&format_description!(
        "[day]/[month repr:short]/[year]:[hour]:[minute]:[second] +0000"
    ));
    json!({
        "accountId": ACCOUNT,
        "apiId": prefix,
        "domainName": site.domain_name,
        "domainPrefix": prefix,
        "http": http(sent),
        "requestId": sent.request_id,
        "routeKey": found.key,
        "stage": "$default",
        "time": time.expect("a year of four digits"),
        "timeEpoch": sent.now.unix_timestamp_nanos() / 1_000_000,
    })
}

fn http(sent: &Sent<'_>) -> Map<String, Value> {
    let mut http = Map::new();
    http.insert("method".to_owned(), json!(sent.parts.method.as_str()));
    http.insert("path".to_owned(), json!(sent.path));
    let protocol = format!("{:?}", sent.parts.version);
    http.insert("protocol".to_owned(), json!(protocol));
    http.insert("sourceIp".to_owned(), json!(sent.source_ip));
    if let Some(agent) = texts(&sent.parts.headers, &USER_AGENT).first() {
        http.insert("userAgent".to_owned(), json!(agent));
    }
    http
}

/// Bytes that are not UTF-8 are replaced: JSON is text.
fn texts(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().map(HeaderValue::as_bytes);
    values
        .map(|value| String::from_utf8_lossy(value).into_owned())
        .collect()
}

/// The id of a request: 16 characters of base64, as those of AWS's are.
pub(super) fn request_id() -> String {
    STANDARD.encode(&Uuid::new_v4().as_bytes()[..11])
}

/// The id of a trace: [version, seconds since 1970 in hexadecimal, and 96
/// bits](https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids).
fn trace_id(now: OffsetDateTime) -> String {
    let random = Uuid::new_v4().simple().to_string();
    format!("Root=1-{:08x}-{}", now.unix_timestamp(), &random[..24])
}

#[cfg(test)]
mod tests {
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
}
