//! The configuration of the AWS clients.

use std::path::Path;

use aws_credential_types::Credentials;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::sdk_config::SharedCredentialsProvider;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::ConfigError;

/// The roots of Amazon Trust Services.
const AMAZON: &[u8] = include_bytes!("../../roots/amazon.pem");

/// The variable by which AWS's own tools are told of other roots.
const BUNDLE: &str = "AWS_CA_BUNDLE";

/// Lambda provides credentials and region as variables, which stay the same for the life of an
/// environment. `aws-config` is not used: its chain of providers would be a fifth of the binary.
///
/// # Errors
///
/// [`ConfigError`] where the credentials are not set, or `AWS_CA_BUNDLE` names a file that cannot
/// be read, or holds no certificate.
pub(crate) fn config() -> Result<SdkConfig, ConfigError> {
    let bundle = std::env::var(BUNDLE).ok();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials()?))
        .region(std::env::var("AWS_REGION").ok().map(Region::new))
        .http_client(client(bundle.as_deref())?)
        .service_config(Endpoints);
    config.set_endpoint_url(std::env::var("AWS_ENDPOINT_URL").ok());
    Ok(config.build())
}

fn credentials() -> Result<Credentials, ConfigError> {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let required = |name| set(name).ok_or_else(|| ConfigError::new(name, "is not set"));
    Ok(Credentials::new(
        required("AWS_ACCESS_KEY_ID")?,
        required("AWS_SECRET_ACCESS_KEY")?,
        set("AWS_SESSION_TOKEN"),
        None,
        "environment",
    ))
}

/// The variables that lead one service elsewhere, such as `AWS_ENDPOINT_URL_DYNAMODB`.
#[derive(Debug)]
struct Endpoints;

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace(' ', "_");
        std::env::var(format!("{}_{service}", key.env())).ok()
    }
}

/// A client that trusts Amazon's roots alone, or where `AWS_CA_BUNDLE` names a file those in it.
///
/// A function talks to AWS alone, and reading the hundred and fifty roots of the system takes
/// longer than all the rest of its start.
///
/// # Errors
///
/// [`ConfigError`] where the file cannot be read, or holds no certificate.
fn client(bundle: Option<&str>) -> Result<SharedHttpClient, ConfigError> {
    let roots = match bundle {
        Some(file) => bundle_of(file.as_ref())
            .map_err(|problem| ConfigError::new(BUNDLE, format!("names a file that {problem}")))?,
        None => AMAZON.to_vec(),
    };
    let trust = TrustStore::empty().with_pem_certificate(roots);
    let context = TlsContext::builder().with_trust_store(trust).build();
    let context = context.map_err(|_| ConfigError::new(BUNDLE, "holds no roots"))?;
    Ok(Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(context)
        .build_https())
}

/// The client panics if it is not a certificate.
fn bundle_of(file: &Path) -> Result<Vec<u8>, String> {
    let pem = std::fs::read(file).map_err(|error| format!("cannot be read: {error}"))?;
    let begins = b"-----BEGIN CERTIFICATE-----";
    if pem.windows(begins.len()).any(|window| window == begins) {
        Ok(pem)
    } else {
        Err("holds no certificate".to_owned())
    }
}
