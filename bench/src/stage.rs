//! The stage for the functions: tables, keys, an account and its tokens.

use std::collections::BTreeMap;
use std::sync::Arc;

use accounts::{AuthMethod, LoginName, MacKeys, MfaPurpose, MfaToken, Owner, UserId, Username};
use api::{Environment, RefreshKeys};
use local::engine::Engine;
use local::{Template, environment, ring};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};
use tables::{By, Login};

use super::build::binary;
use super::event::{Body, event};
use super::lambda;
use super::tls::Tls;
use crate::Error;

pub(super) const USERNAME: &str = "ada";
pub(super) const PASSWORD: &str = "correct horse battery staple";

/// The events carry no domain name that would be another.
const ISSUER: &str = "https://auth.example.com";

/// The measurements try more often than the limits allow.
const WITHOUT_LIMITS: [&str; 6] = [
    "ADDRESS_FAILURES",
    "LOGIN_BURST",
    "MAIL_BURST",
    "MFA_BURST",
    "NAME_FAILURES",
    "REGISTRATION_BURST",
];

/// The variable that names the table of mails. Where it is empty, mail is off.
const MAILS: &str = "MAILS_TABLE";

const MAILING: [&str; 2] = ["mailer", "recover"];

const PASSKEYS: [(&str, &str); 2] = [
    ("PASSKEY_RP_ID", "example.com"),
    ("PASSKEY_ORIGINS", "https://app.example.com"),
];

pub(super) struct Stage {
    engine: Engine,
    tls: Tls,
    variables: BTreeMap<String, String>,
    /// The table of mails.
    mails: String,
    _data: tempfile::TempDir,
}

impl Stage {
    pub(super) async fn set() -> Result<Self, Error> {
        let data = tempfile::tempdir()?;
        let with_mail = Template::with_mail();
        let engine = Engine::start_of(&with_mail).await?;
        let tls = Tls::before(engine.url(), data.path()).await?;
        let sealing_key = data.path().join("sealing.key");
        let limits = WITHOUT_LIMITS.map(|name| (name.to_owned(), "0".to_owned()));
        let mut variables = environment::of_functions(
            &Template::load(),
            ISSUER,
            engine.url(),
            &sealing_key,
            &limits,
        );
        let mut of_mail = with_mail.environment();
        let mails = of_mail.remove(MAILS).ok_or("no table of mails")?;
        // For `mailer`, which does not start without a sender. The others order mails where they have the table.
        for (name, value) in of_mail {
            if variables.get(&name).is_none_or(String::is_empty) {
                variables.insert(name, value);
            }
        }
        ring::establish(&engine.environment(&variables), &sealing_key, None).await?;
        let signing_key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        for (name, value) in [
            ("AWS_ENDPOINT_URL_DYNAMODB", tls.url.as_str()),
            ("AWS_CA_BUNDLE", &tls.root.display().to_string()),
            ("SSL_CERT_FILE", &tls.system.display().to_string()),
            ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
            // Of the usual login, which keeps its key where tutorials do.
            ("SIGNING_KEY", &signing_key.serialize_pem()),
        ] {
            variables.insert(name.to_owned(), value.to_owned());
        }
        Ok(Self {
            engine,
            tls,
            variables,
            mails,
            _data: data,
        })
    }

    /// The variables of a function. Mail and passkeys are off, as they are by default, but for the functions that do nothing
    /// without them.
    pub(super) fn variables(&self, function: &str) -> Vec<(String, String)> {
        let mut variables = self.variables.clone();
        if MAILING.contains(&function) {
            variables.insert(MAILS.to_owned(), self.mails.clone());
        }
        if function == "passkey" {
            for (name, value) in PASSKEYS {
                variables.insert(name.to_owned(), value.to_owned());
            }
        }
        variables.into_iter().collect()
    }

    /// Where the functions find the engine.
    pub(super) fn url(&self) -> &str {
        &self.tls.url
    }

    /// Registers the account, makes it an administrator, and signs it in: the tokens of a session.
    pub(super) async fn account(&self) -> Result<(), Error> {
        self.sign("register", 201).await?;
        let environment: Environment = self.engine.environment(&self.variables);
        let user = environment.users()?.get(self.user_id().await?).await?;
        let user = user.ok_or("no account")?;
        let changed = user.with_roles(vec!["admin".parse()?]);
        environment
            .accounts()?
            .change(&user, &changed, By::Operator, None)
            .await?;
        Ok(())
    }

    /// Whose it is.
    pub(super) async fn user_id(&self) -> Result<UserId, Error> {
        Ok(self.login().await?.owner.user_id)
    }

    /// The hash of its password, as it is stored.
    pub(super) async fn password_hash(&self) -> Result<String, Error> {
        let hash = self.login().await?.password_hash.ok_or("no password")?;
        Ok(hash.as_str().to_owned())
    }

    /// The first step of its sign-ins with a second factor.
    pub(super) async fn first_step(&self) -> Result<FirstStep, Error> {
        let environment: Environment = self.engine.environment(&self.variables);
        let keys = RefreshKeys::new(&environment)?.at(api::now()).await;
        Ok(FirstStep {
            owner: self.login().await?.owner,
            keys: keys.map_err(|error| format!("the keys: {error:?}"))?,
        })
    }

    async fn login(&self) -> Result<Login, Error> {
        let environment: Environment = self.engine.environment(&self.variables);
        let name = LoginName::from(&Username::parse(USERNAME)?);
        let login = environment.logins()?.get(&name).await?;
        Ok(login.ok_or("no account")?)
    }

    /// A new session's tokens.
    pub(super) async fn session(&self) -> Result<Tokens, Error> {
        let answer = self.sign("login", 200).await?;
        let token =
            |name: &str| Ok::<_, Error>(answer[name].as_str().ok_or("no token")?.to_owned());
        Ok(Tokens {
            access: token("access_token")?,
            refresh: token("refresh_token")?,
        })
    }

    async fn sign(&self, function: &str, status: u16) -> Result<Value, Error> {
        let mut function_process =
            lambda::Environment::start(&binary(function), &self.variables(function)).await?;
        let credentials = json!({ "username": USERNAME, "password": PASSWORD }).to_string();
        let event = event(&format!("POST /{function}"), None, Body::Json(credentials));
        let (_, answer) = function_process.invoke(&event.to_string()).await?;
        function_process.end().await?;
        if answer["statusCode"] != status {
            return Err(format!("{function} answered {answer}").into());
        }
        Ok(serde_json::from_str(
            answer["body"].as_str().unwrap_or_default(),
        )?)
    }
}

/// An account whose password was right, and the keys that tag its `mfa_token`.
pub(super) struct FirstStep {
    owner: Owner,
    keys: Arc<MacKeys>,
}

impl FirstStep {
    /// A token that is issued now.
    pub(super) fn mfa_token(&self) -> String {
        let token = MfaToken {
            purpose: MfaPurpose::SignIn,
            owner: self.owner,
            issued_at: api::now(),
            methods: AuthMethod::PASSWORD.into(),
            device: None,
        };
        let text = token.to_text(&self.keys);
        text.expect("a MAC key is active").to_string()
    }
}

pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) refresh: String,
}
