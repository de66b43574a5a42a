//! Clients of functions in this process.

use std::sync::{Arc, LazyLock};

use api::{Door, Edge};
use axum::Router;
use local::Template;
use local::gateway::Gateway;
use local::template::Route;
use serde_json::Value;

use super::Client;
use crate::Answer;
use crate::gateway::{InProcess, gateway, with_routes};

/// The gateway of template.yaml.
static GATEWAY: LazyLock<Arc<Gateway>> = LazyLock::new(|| Arc::new(gateway()));

/// A route by its key, such as `GET /me`.
fn route(key: &str) -> Route {
    let (method, path) = key.split_once(' ').unwrap_or(("ANY", key));
    Route {
        path: path.to_owned(),
        method: method.to_owned(),
        function: "own".to_owned(),
    }
}

impl Client {
    /// A client of a router in this process, behind the gateway of template.yaml.
    #[must_use]
    pub fn of(router: Router) -> Self {
        Self::behind(GATEWAY.clone(), Door::new(router, Edge::default()))
    }

    /// The same for requests that these edges send and others.
    #[must_use]
    pub fn with_edge(router: Router, edge: Edge) -> Self {
        Self::behind(GATEWAY.clone(), Door::new(router, edge))
    }

    /// The same, with routes beside those of template.yaml.
    #[must_use]
    pub fn with_own(router: Router, keys: &[&str]) -> Self {
        let own = keys.iter().map(|key| route(key));
        let routes = Template::load().routes().into_iter().chain(own);
        let door = Door::new(router, Edge::default());
        Self::behind(Arc::new(with_routes(routes.collect())), door)
    }

    fn behind(gateway: Arc<Gateway>, door: Door) -> Self {
        Self::InProcess(InProcess {
            gateway,
            door,
            source_ip: "192.0.2.1".to_owned(),
        })
    }

    /// The same behind a gateway with the route `$default` alone: whatever its method and path,
    /// each request reaches the functions.
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
