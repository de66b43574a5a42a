//! `GET /` and what clients discover the issuer by: its key set, its OpenID configuration and the
//! document of the API.

mod openapi;
mod welcome;

use std::sync::Arc;

use accounts::Acr;
use api::{ConfigError, Environment, Error, Feature, Gateway, Issuer, Pages, PublicKeys};
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use claims::Roles;
use serde::Serialize;

/// The tables, keys and settings of this function.
pub struct App {
    keys: PublicKeys,
    issuer: Issuer,
    roles: Arc<Roles>,
    min_password_length: u32,
    mail_is_sent: bool,
    /// The pages of other sites that use passkeys; nothing where there are no passkeys.
    related_origins: Option<Vec<String>>,
    pages: Pages,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            keys: PublicKeys::new(environment)?,
            issuer: environment.issuer()?,
            roles: environment.roles()?,
            min_password_length: environment.min_password_length()?,
            mail_is_sent: environment.mail_is_sent()?,
            related_origins: environment
                .relying_party()?
                .map(|party| party.related_origins()),
            pages: environment.pages()?,
        })
    }

    async fn warm(&self) {
        self.keys.warm().await;
    }

    fn router(self) -> Router {
        let routes = Router::new()
            .route("/", get(welcome::welcome))
            .route(JWKS, get(jwks))
            .route(OPENID_CONFIGURATION, get(openid_configuration))
            .route(WEBAUTHN, get(webauthn))
            .route(OPENAPI, get(openapi::openapi))
            .with_state(Arc::new(self));
        api::layered(routes)
    }
}

/// A key is published hours before it signs, so that an answer may well be some minutes old.
const CACHEABLE: [(axum::http::HeaderName, &str); 1] = [(CACHE_CONTROL, "public, max-age=300")];

const JWKS: &str = "/.well-known/jwks.json";
const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
const WEBAUTHN: &str = "/.well-known/webauthn";
const OPENAPI: &str = "/openapi.json";
const INTROSPECT: &str = "/oauth2/introspect";
const REVOKE: &str = "/oauth2/revoke";

/// RFC 7517 §5.
async fn jwks(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Error> {
    let keys = app.keys.at(api::now()).await?;
    Ok((CACHEABLE, Json(keys.jwks())))
}

/// WebAuthn Level 3 §5.11.
#[derive(Serialize)]
struct RelatedOrigins {
    origins: Vec<String>,
}

/// Browsers ask for it at the RP ID, where a page of another site uses its passkeys.
async fn webauthn(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Error> {
    let origins = app.related_origins.clone();
    let origins = origins.ok_or(Error::FeatureDisabled(Feature::Passkeys))?;
    Ok((CACHEABLE, Json(RelatedOrigins { origins })))
}

/// OpenID Connect Discovery 1.0 §3 and RFC 8414 §2, as far as it is true of a service that issues
/// access tokens alone: there is no authorization endpoint, so there are no response types. A list
/// without elements is left out (RFC 8414 §3.2).
#[derive(Serialize)]
struct OpenIdConfiguration {
    issuer: String,
    jwks_uri: String,
    introspection_endpoint: String,
    introspection_endpoint_auth_methods_supported: [&'static str; 1],
    revocation_endpoint: String,
    revocation_endpoint_auth_methods_supported: [&'static str; 1],
    subject_types_supported: [&'static str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    id_token_signing_alg_values_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes_supported: Vec<String>,
    acr_values_supported: [&'static str; 3],
    claims_supported: Vec<&'static str>,
}

/// A claim of issuers that send mails.
const EMAIL_VERIFIED: &str = "email_verified";

const CLAIMS: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "client_id",
    "exp",
    "iat",
    "nbf",
    "jti",
    "sid",
    "auth_time",
    "acr",
    "amr",
    "preferred_username",
    EMAIL_VERIFIED,
    "roles",
    "scope",
    "type",
    "fresh",
];

async fn openid_configuration(
    State(app): State<Arc<App>>,
    gateway: Gateway,
) -> Result<impl IntoResponse, Error> {
    let issuer = app.issuer.of(&gateway)?;
    let keys = app.keys.at(api::now()).await?;
    let keys = keys.jwks().keys;
    let algorithms = keys.iter().filter_map(|key| key.common.key_algorithm);
    let mut algorithms: Vec<String> = algorithms.map(|algorithm| algorithm.to_string()).collect();
    algorithms.sort();
    algorithms.dedup();
    let claims = CLAIMS.iter().copied();
    let claims = claims.filter(|claim| app.mail_is_sent || *claim != EMAIL_VERIFIED);
    let configuration = OpenIdConfiguration {
        jwks_uri: format!("{issuer}{JWKS}"),
        introspection_endpoint: format!("{issuer}{INTROSPECT}"),
        // A type of access token (RFC 8414 §2): the caller brings one with the scope.
        introspection_endpoint_auth_methods_supported: ["Bearer"],
        revocation_endpoint: format!("{issuer}{REVOKE}"),
        revocation_endpoint_auth_methods_supported: ["none"],
        issuer,
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: algorithms,
        scopes_supported: app
            .roles
            .all_scopes()
            .into_iter()
            .map(ToOwned::to_owned)
            .collect(),
        // `phr` is met by a passkey (OpenID Connect EAP ACR Values 1.0 §3).
        acr_values_supported: [Acr::Aal1.as_str(), Acr::Aal2.as_str(), "phr"],
        claims_supported: claims.collect(),
    };
    Ok((CACHEABLE, Json(configuration)))
}
