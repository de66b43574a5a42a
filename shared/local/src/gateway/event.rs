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
use super::site::Site;
use super::{body, uri};

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

/// Headers of a connection, which are not forwarded (RFC 9110 §7.6.1). No event of AWS's is seen
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
        // As it was sent, so that a reader decodes it once.
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
mod tests;
