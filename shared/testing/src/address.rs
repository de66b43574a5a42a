//! Clients at an address of their own.

use axum::extract::Request;
use lambda_http::request::RequestContext;
use tower::util::MapRequestLayer;

use crate::{Client, Session};

impl Client {
    /// The same client at another address, as the gateway names it in `sourceIp`.
    ///
    /// # Panics
    ///
    /// If the API is not in this process: elsewhere nobody chooses the address.
    #[must_use]
    pub fn at_address(&self, source_ip: &str) -> Self {
        let Self::Router(router) = self else {
            panic!("an address is for the API in this process")
        };
        let source_ip = source_ip.to_owned();
        let moved = MapRequestLayer::new(move |mut request: Request| {
            let context = request.extensions_mut().get_mut();
            if let Some(RequestContext::ApiGatewayV2(context)) = context {
                context.http.source_ip = Some(source_ip.clone());
            }
            request
        });
        Self::Router(router.clone().layer(moved))
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
