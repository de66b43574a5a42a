//! A deployment: a stack on AWS, or the local one.

use std::collections::HashMap;
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use accounts::PasswordWords;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudformation::Client as CloudFormation;
use aws_sdk_cloudformation::error::{DisplayErrorContext, SdkError};
use aws_sdk_cloudformation::types::Stack as Described;
use aws_sdk_dynamodb::config::Credentials;
use claims::{Roles, RolesError};
use keyring::{KmsSealer, LocalSealer, Rotation, Schedule, Sealer};
use serde::Deserialize;
use tables::{AnswerTime, Keys};

use crate::arguments::Place;
use crate::key_ring::KeyRing;
use crate::{Error, schedule};

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
    },
    Aws {
        cloud_formation: CloudFormation,
        name: String,
    },
}

/// The file that `cargo xtask dev` writes while it runs.
#[derive(Deserialize)]
struct Local {
    dynamodb: String,
    parameters: HashMap<String, String>,
    version: Option<String>,
}

impl Stack {
    pub(crate) async fn open(place: &Place) -> Result<Self, Error> {
        let Some(name) = &place.stack else {
            return local(&place.local).await;
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
        let sealer = match &self.at {
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
        };
        let rotation = Rotation::new(keys, sealer, self.schedule().await?);
        Ok(KeyRing::new(rotation, time))
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

/// The local stack that keeps its data in this directory.
async fn local(directory: &Path) -> Result<Stack, Error> {
    let nothing = || {
        let directory = directory.display();
        format!(
            "no local stack runs on {directory}: start one with `cargo xtask dev`, or name an AWS stack with --stack"
        )
    };
    let text = std::fs::read(directory.join("stack.json")).map_err(|_| nothing())?;
    let Local {
        dynamodb,
        parameters,
        version,
    } = serde_json::from_slice(&text)?;
    // The file of a stack that was killed is still there.
    let address = dynamodb.trim_start_matches("http://");
    TcpStream::connect(address).map_err(|_| nothing())?;
    let credentials = Credentials::new("local", "local", None, None, "local");
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(credentials)
        .endpoint_url(&dynamodb);
    Ok(Stack {
        config: config.load().await,
        at: At::Local {
            directory: directory.to_owned(),
            parameters,
            version,
        },
    })
}
