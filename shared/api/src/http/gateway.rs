//! The data that API Gateway itself gives about a request.

use std::convert::Infallible;

use accounts::Device;
use axum::extract::FromRequestParts;
use axum::http::{Extensions, request::Parts};
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequestContext;
use lambda_http::request::RequestContext;
use uuid::Uuid;

/// API Gateway's own data about a request. Headers are the client's to write, and none of it comes
/// from one, but for the address where an [edge](crate::Edge) that proved itself has named it.
#[derive(Clone, Debug, Default)]
pub struct Gateway {
    /// The request's id, repeated in problems and in the log.
    pub request_id: String,
    /// The domain name that the request was sent to.
    pub domain_name: Option<String>,
    /// Where the request came from.
    pub device: Device,
}

impl Gateway {
    pub(crate) fn of(extensions: &Extensions) -> Self {
        let Some(RequestContext::ApiGatewayV2(context)) = extensions.get::<RequestContext>() else {
            return Self {
                request_id: Uuid::new_v4().to_string(),
                domain_name: None,
                device: Device::default(),
            };
        };
        Self::read(context)
    }

    pub(crate) fn read(context: &ApiGatewayV2httpRequestContext) -> Self {
        Self {
            request_id: context
                .request_id
                .clone()
                .unwrap_or_else(|| Uuid::new_v4().to_string()),
            domain_name: context.domain_name.clone(),
            device: Device::new(
                context.http.source_ip.as_deref(),
                context.http.user_agent.as_deref(),
            ),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Gateway {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}
