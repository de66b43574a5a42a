//! One test's own deployment: the template's tables in an engine of its own, and the template's
//! variables.

use std::collections::HashMap;
use std::sync::OnceLock;

use api::Environment;
use aws_types::SdkConfig;
use claims::{Algorithm, Claims, Expected, KeySet, PrivateKey};
use keyring::LocalSealer;
use tables::{Client, Keys};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::aws::{config, patient};
use crate::mailbox::Mailbox;
use crate::passkey::{ORIGIN, RELATED_ORIGIN, RP_ID};
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

const UNLIMITED: [(&str, &str); 5] = [
    ("LOGIN_BURST", "0"),
    ("MFA_BURST", "0"),
    ("REGISTRATION_BURST", "0"),
    ("ADDRESS_FAILURES", "0"),
    ("NAME_FAILURES", "0"),
];

/// An RSA key takes long to make; that one signs in several stacks is no matter.
static KEY: OnceLock<Vec<u8>> = OnceLock::new();

impl Stack {
    /// A stack with the template's variables, but for the password hashes, which cost the least
    /// that is allowed, and for passkeys, which there are.
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
        let origins = format!("{ORIGIN},{RELATED_ORIGIN}");
        let own = [
            ("ARGON2_MEMORY_KIB", "7168"),
            ("ARGON2_ITERATIONS", "5"),
            ("PASSKEY_RP_ID", RP_ID),
            ("PASSKEY_ORIGINS", &origins),
        ];
        variables.extend(
            own.iter()
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
        self.environment_of(variables)
    }

    /// The environment with several variables set to something else.
    pub fn environment_where(&self, others: &[(&str, &str)]) -> Environment {
        let mut variables = self.variables.clone();
        let others = others.iter();
        variables.extend(others.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.environment_of(variables)
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
