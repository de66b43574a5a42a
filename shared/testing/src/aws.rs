//! The AWS clients of tests: through a wire, and with time enough.

use std::collections::HashMap;
use std::time::Duration;

use api::Environment;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, Region, SharedCredentialsProvider, StalledStreamProtectionConfig,
};
use aws_types::SdkConfig;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use tables::Client;

use crate::wire::Wire;

/// The environment of a function on the engine at a URL, behind a wire, with Amazon SES at another
/// URL.
pub(crate) fn environment_with_ses(
    variables: &HashMap<String, String>,
    engine: &str,
    wire: &Wire,
    ses: String,
) -> Environment {
    let aws = config(engine, wire).into_builder();
    let aws = aws.service_config(SesAt(ses)).build();
    let client = patient(&tables::connect(&aws));
    Environment::new(variables.clone(), client, aws)
}

/// Leads one service elsewhere than the others.
#[derive(Debug)]
struct SesAt(String);

impl LoadServiceConfig for SesAt {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let is_of_ses = key.service_id() == "SESv2" && key.env() == "AWS_ENDPOINT_URL";
        is_of_ses.then(|| self.0.clone())
    }
}

/// A client of an engine at `url`, through a wire, with a minute for each call.
pub fn client_behind(url: &str, wire: &Wire) -> Client {
    patient(&tables::connect(&config(url, wire)))
}

/// The client with a minute for each call. Tests share the cores of one machine, some with hundreds
/// of environments each: the limits of a deployed function would measure the machine.
pub(crate) fn patient(client: &Client) -> Client {
    let minute = Some(Duration::from_secs(60));
    let mut limits = TimeoutConfig::builder();
    limits
        .set_connect_timeout(minute)
        .set_operation_attempt_timeout(minute)
        .set_operation_timeout(minute);
    let config = client.config().to_builder();
    let config = config.timeout_config(limits.build());
    let stalled = StalledStreamProtectionConfig::disabled();
    Client::from_conf(config.stalled_stream_protection(stalled).build())
}

/// The configuration of clients that call through a wire.
pub(crate) fn config(url: &str, wire: &Wire) -> SdkConfig {
    let credentials = Credentials::new("local", "local", None, None, "local");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .http_client(wire.clone())
        .build()
}
