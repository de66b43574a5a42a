//! Requests that come over HTTP.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use api::{Door, Edge};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use axum::routing::{any, get};
use reqwest::Client;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::*;

const PAGE: &str = "https://app.example.com";

/// An API of one function, with one route of a method and one of ANY.
const TEMPLATE: &str = "Parameters:
  CorsAllowOrigins:
    AllowedPattern: ^https?://[a-z.]+$
    ConstraintDescription: origins
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      DefinitionBody:
        x-amazon-apigateway-cors:
          allowMethods: [GET]
          allowHeaders: [authorization]
          maxAge: 600
  Function:
    Type: AWS::Serverless::Function
    Metadata:
      BuildProperties:
        Binary: f
    Properties:
      Events:
        One:
          Type: HttpApi
          Properties:
            Path: /one/{x}
            Method: GET
        Any:
          Type: HttpApi
          Properties:
            Path: /any
            Method: ANY
";

/// The function's answer: the body, and the request that it got.
async fn echo(request: Request<Body>) -> (HeaderMap, String) {
    let request_line = format!("{} {}", request.method(), request.uri());
    let mut headers = HeaderMap::new();
    headers.insert("x-asked", request_line.parse().unwrap());
    headers.insert("access-control-allow-origin", "*".parse().unwrap());
    let all = request.headers().get_all("x-two").iter();
    let all: Vec<_> = all.map(|value| value.to_str().unwrap()).collect();
    headers.insert("x-two", all.join("|").parse().unwrap());
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await;
    (headers, format!("{:?}", body.unwrap()))
}

struct Served {
    url: String,
    port: u16,
    addresses: Vec<IpAddr>,
    http: Client,
    server: JoinHandle<std::io::Result<()>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn site(port: u16) -> Site {
    Site {
        domain_name: "localhost".to_owned(),
        scheme: "http",
        port,
    }
}

async fn serve(origins: &[&str]) -> Served {
    let template = Template::parse(TEMPLATE);
    let origins: Vec<_> = origins.iter().map(|&origin| origin.to_owned()).collect();
    let cors = Cors::of(&template, &origins).unwrap();
    let listener = Listener::bind(0).await.unwrap();
    let (port, addresses) = (listener.port(), listener.addresses());
    let gateway = Gateway::of(&template, cors, site(port));
    let router = Router::new()
        .route("/one/{x}", get(echo))
        .route("/any", any(echo));
    let functions = Functions::Merged(Door::new(router, Edge::default()));
    Served {
        url: format!("http://127.0.0.1:{port}"),
        port,
        addresses,
        http: Client::new(),
        server: tokio::spawn(listener.serve(gateway, functions)),
    }
}

impl Served {
    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let method: Method = method.parse().unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }
}

fn header<'a>(response: &'a reqwest::Response, name: &str) -> Option<&'a str> {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_route_s_function_answers() {
    let served = serve(&[]).await;
    let answer = served
        .send("GET", "/one/a?b=%20c", &[("x-two", "1"), ("x-two", "2")])
        .await;
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "x-asked"), Some("GET /one/a?b=%20c"));
    assert_eq!(header(&answer, "x-two"), Some("1,2"));
    assert_eq!(header(&answer, "apigw-requestid").map(str::len), Some(16));
    let answer = served.send("PUT", "/any", &[]).await;
    assert_eq!(header(&answer, "x-asked"), Some("PUT /any"));
}

#[tokio::test]
async fn a_method_or_a_path_without_a_route_is_the_gateway_s_404() {
    let served = serve(&[]).await;
    for (method, path) in [
        ("POST", "/one/a"),
        ("OPTIONS", "/one/a"),
        ("GET", "/one/a/"),
        ("GET", "/nothing"),
        ("GET", "/"),
    ] {
        let answer = served.send(method, path, &[]).await;
        assert_eq!(answer.status(), 404, "{method} {path}");
        assert_eq!(header(&answer, "content-type"), Some("application/json"));
        assert_eq!(header(&answer, "apigw-requestid").map(str::len), Some(16));
        assert_eq!(answer.text().await.unwrap(), r#"{"message":"Not Found"}"#);
    }
    let head = served.send("HEAD", "/one/a", &[]).await;
    assert_eq!(head.status(), 404);
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_arrives_as_it_was_sent() {
    let served = serve(&[]).await;
    let request = served.http.post(format!("{}/any", served.url));
    let request = request.header("content-type", "application/json");
    let answer = request.body(b"\xff\x00".to_vec()).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), r#"b"\xff\0""#);
}

#[tokio::test]
async fn a_preflight_is_the_gateway_s_unless_a_route_takes_it() {
    let served = serve(&[PAGE]).await;
    let preflight = [("origin", PAGE), ("access-control-request-method", "GET")];
    let answer = served.send("OPTIONS", "/one/a", &preflight).await;
    assert_eq!(answer.status(), 204);
    assert_eq!(header(&answer, "access-control-allow-origin"), Some(PAGE));
    assert_eq!(header(&answer, "x-asked"), None);
    let answer = served.send("OPTIONS", "/any", &preflight).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "x-asked"), Some("OPTIONS /any"));
    assert_eq!(header(&answer, "access-control-allow-methods"), None);
    let refused = served.send("POST", "/one/a", &[("origin", PAGE)]).await;
    assert_eq!(refused.status(), 404);
    assert_eq!(header(&refused, "access-control-allow-origin"), None);
}

#[tokio::test]
async fn a_function_s_own_headers_of_cors_count_only_where_none_is_configured() {
    let without = serve(&[]).await;
    let answer = without.send("GET", "/one/a", &[("origin", PAGE)]).await;
    assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"));
    let with = serve(&["https://other.example.com"]).await;
    let answer = with.send("GET", "/one/a", &[("origin", PAGE)]).await;
    assert_eq!(header(&answer, "access-control-allow-origin"), None);
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let served = serve(&[]).await;
    let long = "a".repeat(11_000);
    let answer = served.send("GET", "/one/a", &[("x-long", &long)]).await;
    assert_eq!(answer.status(), 431);
    let expected = json!({ "message": "Request Header Fields Too Large" });
    assert_eq!(answer.text().await.unwrap(), expected.to_string());

    // The body is said to be that long and never sent.
    let mut stream = TcpStream::connect(("127.0.0.1", served.port))
        .await
        .unwrap();
    let head = "POST /any HTTP/1.1\r\nhost: a\r\ncontent-length: 10485761\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.ends_with(r#"{"message":"Request Entity Too Large"}"#));
}

/// Sends a request whose function is behind that.
async fn failed(watch: Watch) -> (u16, Bytes) {
    let gateway = Gateway::of(&Template::parse(TEMPLATE), None, site(80));
    let request = Request::get("/any").body(Body::empty()).unwrap();
    let functions = Functions::Watched(watch);
    let answer = gateway.answer(request, "192.0.2.1", &functions).await;
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    (status, body.unwrap())
}

#[tokio::test]
async fn a_function_that_fails_is_a_500() {
    let (status, body) = failed(Watch::at("http://127.0.0.1:1", [])).await;
    assert_eq!(
        (status, &body[..]),
        (500, &br#"{"message":"Internal Server Error"}"#[..])
    );
}

#[tokio::test]
async fn a_function_that_does_not_answer_in_time_is_a_503() {
    assert_eq!(TIMEOUT, Duration::from_secs(30));
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let functions = ["f".to_owned()];
    let watch = Watch::with_timeout(&url, functions, Duration::from_millis(20));
    let (status, body) = failed(watch).await;
    assert_eq!(
        (status, &body[..]),
        (503, &br#"{"message":"Service Unavailable"}"#[..])
    );
}

#[tokio::test]
async fn it_listens_on_loopback_alone_and_takes_a_port_whole() {
    let served = serve(&[]).await;
    assert!(served.addresses.iter().all(IpAddr::is_loopback));
    assert!(served.addresses[0].is_ipv4());
    for address in &served.addresses {
        let url = format!("http://{}/any", SocketAddr::new(*address, served.port));
        let answer = served.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{address}");
    }
    let error = Listener::bind(served.port).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn a_port_that_somebody_else_has_on_ipv6_is_taken() {
    // A machine without IPv6 has nobody there.
    if let Ok(other) = TcpListener::bind("[::1]:0").await {
        let port = other.local_addr().unwrap().port();
        let error = Listener::bind(port).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    }
}

#[test]
fn the_gateway_of_this_repository_has_its_routes() {
    let template = Template::load();
    let gateway = Gateway::of(&template, None, site(9000));
    for route in template.routes() {
        let method = if route.method == "ANY" {
            "GET"
        } else {
            &route.method
        };
        let path = route.path.replace("{id}", "1");
        let found = gateway.routes.find(&method.parse().unwrap(), &path);
        assert_eq!(found.unwrap().function, route.function);
    }
}
