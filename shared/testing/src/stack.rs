//! One test's own deployment: the template's tables in an engine of its own, and the template's
//! variables.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use api::Environment;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, Region, SharedCredentialsProvider, StalledStreamProtectionConfig,
};
use aws_types::SdkConfig;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use claims::{Algorithm, Claims, Expected, KeySet, PrivateKey};
use keyring::LocalSealer;
use tables::{Client, Keys};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::mailbox::Mailbox;
use crate::wire::Wire;
use local::engine::Engine;
use local::{Error, Template, ring};

/// A stack: the tables, keys and wire that the functions of a test run on.
pub struct Stack {
    /// The DynamoDB engine.
    pub engine: Engine,
    /// The wire that the functions' calls pass through.
    pub wire: Wire,
    /// The key that signs, for tokens that no function would issue.
    pub key: PrivateKey,
    variables: HashMap<String, String>,
    client: Client,
    aws: SdkConfig,
    mailbox: OnceCell<Mailbox>,
    _files: TempDir,
}

/// The name that the gateway of a stack goes by.
pub const DOMAIN: &str = "abc123.execute-api.eu-west-1.amazonaws.com";

/// The sender of a stack that sends mail.
pub const MAIL_FROM: &str = "Example <noreply@example.com>";

const UNLIMITED: [(&str, &str); 4] = [
    ("LOGIN_BURST", "0"),
    ("REGISTRATION_BURST", "0"),
    ("ADDRESS_FAILURES", "0"),
    ("NAME_FAILURES", "0"),
];

/// An RSA key takes long to make; that one signs in several stacks is no matter.
static KEY: OnceLock<Vec<u8>> = OnceLock::new();

impl Stack {
    /// A stack with the template's variables, but for the password hashes, which cost the least
    /// that is allowed.
    ///
    /// # Panics
    ///
    /// Where the engine does not start: there is no test without it.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same without limits on attempts, for tests that sign in more often than people do.
    ///
    /// # Panics
    ///
    /// Where the engine does not start: there is no test without it.
    pub async fn unthrottled() -> Self {
        Self::start_with(&UNLIMITED).await
    }

    /// The same where mail is sent, without limits on that either.
    ///
    /// # Panics
    ///
    /// Where the engine does not start: there is no test without it.
    pub async fn unthrottled_with_mail() -> Self {
        let unlimited: Vec<_> = UNLIMITED.into_iter().chain([("MAIL_BURST", "0")]).collect();
        Self::with_mail(&unlimited).await
    }

    /// The same with some of the variables set to something else.
    ///
    /// # Panics
    ///
    /// Where the engine does not start: there is no test without it.
    pub async fn start_with(variables: &[(&str, &str)]) -> Self {
        Self::try_start(variables).await.expect("a stack starts")
    }

    /// A stack that sends mail, with some of the variables set to something else.
    ///
    /// # Panics
    ///
    /// Where the engine does not start: there is no test without it.
    pub async fn with_mail(variables: &[(&str, &str)]) -> Self {
        let template = Template::load().with("MailFrom", MAIL_FROM);
        let mail = [("MAIL_BURST", "3")];
        let variables: Vec<_> = mail.iter().chain(variables).copied().collect();
        let stack = Self::try_start_of(&template, &variables).await;
        stack.expect("a stack starts")
    }

    async fn try_start(others: &[(&str, &str)]) -> Result<Self, Error> {
        Self::try_start_of(&Template::load(), others).await
    }

    async fn try_start_of(template: &Template, others: &[(&str, &str)]) -> Result<Self, Error> {
        let engine = Engine::start_of(template).await?;
        let files = tempfile::tempdir()?;
        let sealing_key = files.path().join("sealing.key");
        let mut variables: HashMap<_, _> = template.environment().into_iter().collect();
        variables.insert(
            "LOCAL_SEALING_KEY".to_owned(),
            sealing_key.display().to_string(),
        );
        let cheap = [("ARGON2_MEMORY_KIB", "7168"), ("ARGON2_ITERATIONS", "5")];
        variables.extend(
            cheap
                .iter()
                .chain(others)
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );

        let algorithm = variables["SIGNING_ALGORITHM"].parse()?;
        let made = || {
            PrivateKey::generate(algorithm)
                .expect("a key can be made")
                .1
        };
        let pkcs8 = match algorithm {
            Algorithm::Rs256 => KEY.get_or_init(|| made().to_vec()).clone(),
            Algorithm::Es256 | Algorithm::EdDsa => made().to_vec(),
        };
        let key = || PrivateKey::from_pkcs8(algorithm, &pkcs8);
        let keys = Keys::new(&engine.client(), &variables["KEYS_TABLE"]);
        ring::add(
            &keys,
            &LocalSealer::open_or_create(&sealing_key)?,
            None,
            (key()?, &pkcs8),
        )
        .await?;

        let wire = Wire::default();
        let aws = config(engine.url(), &wire);
        Ok(Self {
            engine,
            wire,
            key: key()?,
            variables,
            client: patient(&tables::connect(&aws)),
            aws,
            mailbox: OnceCell::new(),
            _files: files,
        })
    }

    /// The environment of a function on this stack.
    pub fn environment(&self) -> Environment {
        Environment::new(
            self.variables.clone(),
            self.client.clone(),
            self.aws.clone(),
        )
    }

    /// The environment with one variable set to something else, or not at all.
    pub fn environment_with(&self, name: &str, value: Option<&str>) -> Environment {
        let mut variables = self.variables.clone();
        match value {
            Some(value) => variables.insert(name.to_owned(), value.to_owned()),
            None => variables.remove(name),
        };
        Environment::new(variables, self.client.clone(), self.aws.clone())
    }

    /// The environment of a function that has a wire of its own, and the time limits of a deployed
    /// function.
    pub fn environment_behind(&self, wire: &Wire) -> Environment {
        let aws = config(self.engine.url(), wire);
        Environment::new(self.variables.clone(), tables::connect(&aws), aws)
    }

    /// The mailbox of everybody. It is empty before the first call.
    ///
    /// # Panics
    ///
    /// Where the stack sends no mail, or no port of loopback can be had.
    pub async fn mailbox(&self) -> &Mailbox {
        let start = || Mailbox::start(&self.engine, &self.variables);
        self.mailbox.get_or_init(start).await
    }

    /// The environment with these variables alone.
    pub fn environment_of(&self, variables: HashMap<String, String>) -> Environment {
        Environment::new(variables, self.client.clone(), self.aws.clone())
    }

    /// The value of a variable.
    ///
    /// # Panics
    ///
    /// Where there is no such variable.
    pub fn variable(&self, name: &str) -> &str {
        &self.variables[name]
    }

    /// The URL that the tokens of this stack name as their issuer.
    pub fn issuer(&self) -> String {
        match self.variable("ISSUER_URL") {
            "" => format!("https://{DOMAIN}"),
            pinned => pinned.to_owned(),
        }
    }

    /// The claims of a token that this stack has issued.
    ///
    /// # Panics
    ///
    /// If it has not, or the token has expired.
    pub fn claims(&self, token: &str) -> Claims {
        let keys = KeySet::new([self.key.jwk().clone()]).expect("our own key is acceptable");
        let issuer = self.issuer();
        let expected = Expected {
            issuer: &issuer,
            audience: self.variable("AUDIENCE"),
        };
        let verified = keys.verify(token, &expected, api::now());
        verified.expect("a token of this stack")
    }

    /// Every item of a table, unordered, as the engine has it.
    ///
    /// # Panics
    ///
    /// Where the engine does not answer.
    pub async fn items(
        &self,
        table: &str,
    ) -> Vec<HashMap<String, aws_sdk_dynamodb::types::AttributeValue>> {
        let scan = self
            .engine
            .client()
            .scan()
            .table_name(table)
            .consistent_read(true);
        scan.send()
            .await
            .expect("the engine answers")
            .items
            .unwrap_or_default()
    }

    /// Returns the number of items in the tables of accounts, all together.
    ///
    /// # Panics
    ///
    /// Where the engine does not answer.
    pub async fn count(&self) -> usize {
        let mut count = 0;
        for table in ["LoginsTable", "UsersTable", "SessionsTable"] {
            count += self.items(table).await.len();
        }
        count
    }
}

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
fn patient(client: &Client) -> Client {
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
fn config(url: &str, wire: &Wire) -> SdkConfig {
    let credentials = Credentials::new("local", "local", None, None, "local");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .http_client(wire.clone())
        .build()
}
