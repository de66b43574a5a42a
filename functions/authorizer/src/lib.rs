//! A Lambda authorizer for the owner's other HTTP APIs: payload format 2.0, simple responses.
//!
//! It admits an access token whose session is alive, so that a logout counts there too, for every
//! request that it is asked about. How long API Gateway remembers its answer is for that API to
//! say.

use api::{
    Caller, ConfigError, Deadline, Environment, Error, EventHeaders, Gateway, Handler,
    SessionGuard, read_event,
};
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2CustomAuthorizerSimpleResponse as Response;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The tables, keys and settings of this function.
pub struct App {
    guard: SessionGuard,
}

/// The request as API Gateway asks about it, as far as it matters.
#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    headers: EventHeaders,
}

impl Handler for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");
    type Answer = Response<Context>;
    type Error = Unchecked;

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            guard: SessionGuard::for_another_api(environment)?,
        })
    }

    async fn warm(&self) {
        self.guard.warm().await;
    }

    /// Whether a request may pass, and who makes it. One that cannot be read may not.
    ///
    /// A fault is an error, to which API Gateway answers 500: a refusal would blame the token.
    async fn handle(&self, event: &RawValue, _: Deadline) -> Result<Response<Context>, Unchecked> {
        match self.admit(event).await {
            Ok(caller) => Ok(response(true, Context::of(caller))),
            Err(error) => {
                error.note();
                if error.status().is_server_error() {
                    return Err(Unchecked);
                }
                Ok(response(false, Context::default()))
            }
        }
    }
}

impl App {
    async fn admit(&self, event: &RawValue) -> Result<Caller, Error> {
        let request: Request = read_event(event)?;
        // The request is another API's, of whose domain name the issuer is independent.
        let gateway = Gateway::default();
        let headers = &request.headers.0;
        self.guard
            .verify_request(headers, &gateway, api::now())
            .await
    }
}

/// The context that the integration finds in `requestContext.authorizer.lambda`. Lists are
/// separated by spaces, for a mapping template has nothing but strings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// The id of the account.
    pub user_id: String,
    /// The id of the session.
    pub session_id: String,
    /// The username, or nothing.
    pub username: String,
    /// The roles that the token carries and the account has still.
    pub roles: String,
    /// The scopes of the token that these roles confer.
    pub scope: String,
}

/// A fault of ours: nothing is known of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token could not be checked")]
pub struct Unchecked;

impl Context {
    fn of(caller: Caller) -> Self {
        let roles: Vec<_> = caller.roles().iter().map(ToString::to_string).collect();
        Self {
            roles: roles.join(" "),
            scope: caller.scope(),
            username: caller.claims.preferred_username.unwrap_or_default(),
            user_id: caller.claims.sub,
            session_id: caller.claims.sid,
        }
    }
}

fn response(is_authorized: bool, context: Context) -> Response<Context> {
    let mut response = Response::default();
    response.is_authorized = is_authorized;
    response.context = context;
    response
}
