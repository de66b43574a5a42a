//! A deployment: a stack on AWS, or the local one.

mod local;
mod ses;

use std::collections::HashMap;
use std::path::PathBuf;

use accounts::{MacKeyTimes, PasswordWords, Timestamp};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudformation::Client as CloudFormation;
use aws_sdk_cloudformation::error::{DisplayErrorContext, SdkError};
use aws_sdk_cloudformation::types::Stack as Described;
use claims::{Roles, RolesError};
use keyring::{KmsSealer, LocalSealer, Rotation, Schedule, Sealer};
use tables::{AnswerTime, Factors, Keys, RingParts};

use crate::arguments::Place;
use crate::key_ring::KeyRing;
use crate::resealing::Resealing;
use crate::{Error, schedule};

pub(crate) use ses::Ses;

/// Why nothing is mailed.
pub(crate) const NO_MAIL: &str = "the stack sends no mail: its parameter MailFrom is empty";

/// A deployment.
pub(crate) struct Stack {
    config: SdkConfig,
    at: At,
}

enum At {
    Local {
        directory: PathBuf,
        parameters: HashMap<String, String>,
        version: Option<String>,
        /// The URL of Amazon SES on this machine; nothing where no mail is sent.
        ses: Option<String>,
    },
    Aws {
        cloud_formation: CloudFormation,
        name: String,
    },
}

impl Stack {
    pub(crate) async fn open(place: &Place) -> Result<Self, Error> {
        let Some(name) = &place.stack else {
            return local::open(&place.local).await;
        };
        let mut config = aws_config::defaults(BehaviorVersion::latest());
        if let Some(region) = &place.region {
            config = config.region(Region::new(region.clone()));
        }
        if let Some(profile) = &place.profile {
            config = config.profile_name(profile);
        }
        let config = config.load().await;
        let at = At::Aws {
            cloud_formation: CloudFormation::new(&config),
            name: name.clone(),
        };
        Ok(Self { config, at })
    }

    pub(crate) fn dynamodb(&self) -> tables::Client {
        tables::connect(&self.config)
    }

    /// Returns the physical id of a resource of the template; in a local stack, its logical id.
    pub(crate) async fn physical_id(&self, resource: &str) -> Result<String, Error> {
        let At::Aws {
            cloud_formation,
            name,
        } = &self.at
        else {
            return Ok(resource.to_owned());
        };
        let described = cloud_formation
            .describe_stack_resource()
            .stack_name(name)
            .logical_resource_id(resource)
            .send()
            .await
            .map_err(|error| unreadable(name, error))?;
        let detail = described.stack_resource_detail();
        let id = detail.and_then(|detail| detail.physical_resource_id());
        let id = id.ok_or_else(|| format!("the stack {name} has no {resource} yet"))?;
        Ok(id.to_owned())
    }

    /// The key ring, and how it is changed.
    pub(crate) async fn key_ring(&self) -> Result<KeyRing, Error> {
        let (client, time) = AnswerTime::of(&self.dynamodb());
        let keys = Keys::new(&client, &self.physical_id("KeysTable").await?);
        let rotation = Rotation::new(keys, self.sealer().await?, self.schedule().await?);
        Ok(KeyRing::new(rotation, time))
    }

    /// The secrets of second factors, and what opens the keys that seal them.
    pub(crate) async fn resealing(&self) -> Result<Resealing, Error> {
        let table = self.physical_id("FactorsTable").await?;
        let factors = Factors::new(&self.dynamodb(), &table);
        Ok(Resealing::new(factors, self.sealer().await?))
    }

    async fn sealer(&self) -> Result<Sealer, Error> {
        Ok(match &self.at {
            At::Local { directory, .. } => {
                Sealer::Local(LocalSealer::open(&directory.join("sealing.key"))?)
            }
            At::Aws {
                cloud_formation,
                name,
            } => {
                let key = output(cloud_formation, name, "RingKey").await?;
                let key = key.ok_or("the stack has no output RingKey")?;
                Sealer::Kms(KmsSealer::new(&self.config, &key))
            }
        })
    }

    /// The times of the MAC keys of the ring, and the time by the answer.
    pub(crate) async fn mac_times(&self) -> Result<(Vec<MacKeyTimes>, Timestamp), Error> {
        let (client, time) = AnswerTime::of(&self.dynamodb());
        let keys = Keys::new(&client, &self.physical_id("KeysTable").await?);
        let ring = keys.read(RingParts::MAC_TIMES).await?;
        let ring = ring.ok_or("the stack has no key ring yet")?;
        let now = time.last().ok_or("the answer of DynamoDB has no date")?;
        Ok((ring.macs.times, now))
    }

    /// The sender of mails; nothing where none are sent.
    pub(crate) async fn mail_from(&self) -> Result<Option<String>, Error> {
        let sender = self.parameters().await?.remove("MailFrom");
        Ok(sender.filter(|sender| !sender.is_empty()))
    }

    /// The issuer, below which the links in mails lead.
    pub(crate) async fn issuer(&self) -> Result<String, Error> {
        let issuer = match &self.at {
            At::Local { parameters, .. } => parameters.get("IssuerUrl").cloned(),
            At::Aws {
                cloud_formation,
                name,
            } => output(cloud_formation, name, "IssuerUrl").await?,
        };
        Ok(issuer.ok_or("the stack does not say its issuer")?)
    }

    async fn schedule(&self) -> Result<Schedule, Error> {
        schedule::of(&self.parameters().await?)
    }

    /// The fewest characters of a new password.
    pub(crate) async fn min_password_length(&self) -> Result<usize, Error> {
        let parameters = self.parameters().await?;
        let length = parameters.get("MinPasswordLength");
        let length = length.ok_or("the stack has no parameter MinPasswordLength")?;
        let length = length.parse();
        length.map_err(|_| "the stack's parameter MinPasswordLength is no number".into())
    }

    /// The roles that accounts may have.
    pub(crate) async fn roles(&self) -> Result<Roles, Error> {
        let parameters = self.parameters().await?;
        let roles = parameters.get("Roles");
        let roles = roles.ok_or("the stack has no parameter Roles")?.parse();
        roles.map_err(|error: RolesError| format!("the stack's parameter Roles {error}").into())
    }

    /// The owner's words that are no good part of a password.
    pub(crate) async fn password_words(&self) -> Result<PasswordWords, Error> {
        let parameters = self.parameters().await?;
        let words = parameters.get("PasswordWords");
        let words = words.ok_or("the stack has no parameter PasswordWords")?;
        let words = PasswordWords::parse(words);
        words.map_err(|error| format!("the stack's parameter PasswordWords {error}").into())
    }

    /// Returns whether everybody must have a second factor.
    pub(crate) async fn requires_mfa_of_all(&self) -> Result<bool, Error> {
        let parameters = self.parameters().await?;
        let required = parameters.get("MfaRequired");
        Ok(required.is_some_and(|required| required == "all"))
    }

    /// The version of Latchkey that the stack is of.
    pub(crate) async fn version(&self) -> Result<Option<String>, Error> {
        match &self.at {
            At::Local { version, .. } => Ok(version.clone()),
            At::Aws {
                cloud_formation,
                name,
            } => output(cloud_formation, name, "Version").await,
        }
    }

    async fn parameters(&self) -> Result<HashMap<String, String>, Error> {
        let stack = match &self.at {
            At::Local { parameters, .. } => return Ok(parameters.clone()),
            At::Aws {
                cloud_formation,
                name,
            } => describe(cloud_formation, name).await?,
        };
        let parameters = stack.parameters().iter().filter_map(|parameter| {
            let key = parameter.parameter_key()?.to_owned();
            Some((key, parameter.parameter_value()?.to_owned()))
        });
        Ok(parameters.collect())
    }
}

async fn output(
    cloud_formation: &CloudFormation,
    name: &str,
    output: &str,
) -> Result<Option<String>, Error> {
    let stack = describe(cloud_formation, name).await?;
    let mut outputs = stack.outputs().iter();
    let found = outputs.find(|found| found.output_key() == Some(output));
    Ok(found.and_then(|found| found.output_value().map(str::to_owned)))
}

async fn describe(cloud_formation: &CloudFormation, name: &str) -> Result<Described, Error> {
    let described = cloud_formation.describe_stacks().stack_name(name);
    let described = described.send().await;
    let described = described.map_err(|error| unreadable(name, error))?;
    let mut stacks = described.stacks.unwrap_or_default().into_iter();
    let stack = stacks.next();
    Ok(stack.ok_or_else(|| format!("there is no stack {name}"))?)
}

fn unreadable<E, R>(stack: &str, error: SdkError<E, R>) -> String
where
    E: std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let error = DisplayErrorContext(error);
    format!("the stack {stack} cannot be read: {error}")
}
