//! The configuration of the AWS clients.

mod roots;
#[cfg(test)]
mod tests;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::sdk_config::SharedCredentialsProvider;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::ConfigError;

/// Reads the configuration of AWS's clients from the environment: Lambda provides credentials and
/// region as variables, which stay the same for the life of an environment. `aws-config` is not
/// used: its chain of providers would be a fifth of the binary.
///
/// # Errors
///
/// [`ConfigError`] where the credentials are not set, a switch is neither `true` nor `false`, or
/// `AWS_CA_BUNDLE` names a file that cannot be read, or holds no certificate or a damaged one.
pub(crate) fn config() -> Result<SdkConfig, ConfigError> {
    of(&|name| std::env::var(name).ok())
}

/// The configuration of these variables.
fn of(variable: &dyn Fn(&str) -> Option<String>) -> Result<SdkConfig, ConfigError> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let region = set("AWS_REGION");
    let roots = roots::of(set(roots::BUNDLE).as_deref(), region.as_deref())?;
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials(&set)?))
        .region(region.map(Region::new))
        .http_client(roots::client(roots)?)
        .service_config(Endpoints);
    config.set_use_fips(switch("AWS_USE_FIPS_ENDPOINT", &set)?);
    config.set_use_dual_stack(switch("AWS_USE_DUALSTACK_ENDPOINT", &set)?);
    config.set_endpoint_url(set("AWS_ENDPOINT_URL"));
    Ok(config.build())
}

/// A switch as AWS's SDKs read it: `true` or `false` in any case, or not set.
fn switch(name: &str, set: &dyn Fn(&str) -> Option<String>) -> Result<Option<bool>, ConfigError> {
    let Some(value) = set(name) else {
        return Ok(None);
    };
    match value.to_ascii_lowercase().parse() {
        Ok(value) => Ok(Some(value)),
        Err(_) => Err(ConfigError::new(name, "must be true or false")),
    }
}

fn credentials(set: &dyn Fn(&str) -> Option<String>) -> Result<Credentials, ConfigError> {
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
