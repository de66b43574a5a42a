//! The functions in this process, behind the gateway: every request of a test becomes the event that API Gateway would make of it.

use std::sync::{Arc, LazyLock};

use api::Door;
use axum::Router;
use axum::body::Body;
use axum::http::header::{HOST, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use lambda_http::Context;
use local::Template;
use local::gateway::{Functions, Gateway, Site, response};
use local::template::Route;
use serde_json::Value;
use serde_json::value::to_raw_value;

use crate::stack::DOMAIN;
use crate::{Answer, Client, Session};

/// The gateway of template.yaml.
static GATEWAY: LazyLock<Arc<Gateway>> = LazyLock::new(|| Arc::new(gateway()));

/// Functions in this process, and the gateway before them.
#[derive(Clone, Debug)]
pub struct InProcess {
    gateway: Arc<Gateway>,
    door: Door,
    source_ip: String,
}

/// The gateway of template.yaml, at the domain of a stack.
#[must_use]
pub fn gateway() -> Gateway {
    with_routes(Template::load().routes())
}

fn with_routes(routes: Vec<Route>) -> Gateway {
    let site = Site {
        domain_name: DOMAIN.to_owned(),
        scheme: "https",
        port: 443,
    };
    Gateway::with(routes, None, site)
}

/// A route by its key, such as `GET /me`.
fn route(key: &str) -> Route {
    let (method, path) = key.split_once(' ').unwrap_or(("ANY", key));
    Route {
        path: path.to_owned(),
        method: method.to_owned(),
        function: "own".to_owned(),
    }
}

impl InProcess {
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let mut request = request.body(Body::from(body.to_vec())).expect("a request");
        *request.headers_mut() = all_headers(headers);
        let functions = Functions::Merged(self.door.clone());
        let answer = self.gateway.answer(request, &self.source_ip, &functions);
        Answer::read(answer.await).await
    }

    pub(crate) async fn invoke(&self, event: &Value) -> Answer {
        let event = to_raw_value(event).expect("an event is JSON");
        let reply = self.door.answer(&event, Context::default()).await;
        let reply = serde_json::to_value(reply).expect("an answer is JSON");
        Answer::read(response(&reply).expect("an answer")).await
    }
}

/// The headers that a client adds to those that it is told to send.
fn all_headers(given: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let name: HeaderName = name.parse().expect("a header's name");
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        headers.append(name, value);
    }
    for (name, value) in [(HOST, DOMAIN), (USER_AGENT, "tests")] {
        let value = HeaderValue::from_static(value);
        headers.entry(name).or_insert(value);
    }
    headers
}

impl Client {
    /// A client of a router in this process, behind the gateway of template.yaml.
    #[must_use]
    pub fn of(router: Router) -> Self {
        Self::behind(GATEWAY.clone(), router)
    }

    /// The same, with routes beside those of template.yaml.
    #[must_use]
    pub fn with_own(router: Router, keys: &[&str]) -> Self {
        let own = keys.iter().map(|key| route(key));
        let routes = Template::load().routes().into_iter().chain(own);
        Self::behind(Arc::new(with_routes(routes.collect())), router)
    }

    fn behind(gateway: Arc<Gateway>, router: Router) -> Self {
        Self::InProcess(InProcess {
            gateway,
            door: Door::new(router),
            source_ip: "192.0.2.1".to_owned(),
        })
    }

    /// The same behind a gateway with the route `$default` alone: whatever its method and path, each request reaches the functions.
    ///
    /// # Panics
    ///
    /// If the API is not in this process.
    #[must_use]
    pub fn by_default_route(&self) -> Self {
        let gateway = Arc::new(with_routes(vec![route("$default")]));
        Self::InProcess(InProcess {
            gateway,
            ..self.in_process().clone()
        })
    }

    /// The same client at another address, which the gateway names in `sourceIp`.
    ///
    /// # Panics
    ///
    /// If the API is not in this process: elsewhere nobody chooses the address.
    #[must_use]
    pub fn at_address(&self, source_ip: &str) -> Self {
        Self::InProcess(InProcess {
            source_ip: source_ip.to_owned(),
            ..self.in_process().clone()
        })
    }

    fn in_process(&self) -> &InProcess {
        match self {
            Self::InProcess(api) => api,
            Self::Url { base, .. } => panic!("{base} is not in this process"),
        }
    }

    /// Sends an event, as the gateway hands it to Lambda.
    ///
    /// # Panics
    ///
    /// If the API is not in this process.
    pub async fn invoke(&self, event: &Value) -> Answer {
        self.in_process().invoke(event).await
    }
}

impl Session {
    /// The same session, used from another address.
    ///
    /// # Panics
    ///
    /// If the API is not in this process.
    #[must_use]
    pub fn at_address(&self, source_ip: &str) -> Self {
        let mut moved = self.clone();
        moved.api = self.api.at_address(source_ip);
        moved
    }
}
