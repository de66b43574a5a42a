//! Where the accounts are: in the tables of a stack on AWS, or of the local one.

use std::net::TcpStream;
use std::path::Path;

use accounts::{Email, LoginName, User, UserId, Username};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::Credentials;
use serde::Deserialize;
use tables::{Accounts, Logins, Sessions, Users};

use crate::Error;
use crate::arguments::Place;

/// The tables of a deployment.
pub(crate) struct Stack {
    pub(crate) accounts: Accounts,
    pub(crate) users: Users,
    pub(crate) sessions: Sessions,
    logins: Logins,
}

/// What `cargo xtask dev` says of itself while it runs.
#[derive(Deserialize)]
struct Local {
    dynamodb: String,
}

/// The logical ids of the template, which are the tables' names in a local stack.
const TABLES: [&str; 3] = ["LoginsTable", "UsersTable", "SessionsTable"];

impl Stack {
    pub(crate) async fn open(place: &Place) -> Result<Self, Error> {
        let Some(name) = &place.stack else {
            let config = local(&place.local).await?;
            return Ok(Self::of(&config, TABLES.map(ToOwned::to_owned)));
        };
        let mut config = aws_config::defaults(BehaviorVersion::latest());
        if let Some(region) = &place.region {
            config = config.region(Region::new(region.clone()));
        }
        if let Some(profile) = &place.profile {
            config = config.profile_name(profile);
        }
        let config = config.load().await;
        let cloud_formation = aws_sdk_cloudformation::Client::new(&config);
        let mut names = TABLES.map(ToOwned::to_owned);
        for table in &mut names {
            *table = physical_id(&cloud_formation, name, table).await?;
        }
        Ok(Self::of(&config, names))
    }

    fn of(config: &SdkConfig, [logins, users, sessions]: [String; 3]) -> Self {
        let client = tables::connect(config);
        let logins = Logins::new(&client, &logins);
        let users = Users::new(&client, &users);
        let sessions = Sessions::new(&client, &sessions);
        Self {
            accounts: Accounts::new(logins.clone(), users.clone(), sessions.clone()),
            users,
            sessions,
            logins,
        }
    }

    /// The account of a username, an e-mail address or an id.
    pub(crate) async fn find(&self, user: &str) -> Result<User, Error> {
        // A username may look like an id, so that the one does not rule out the other.
        if let Some(id) = UserId::parse(user)
            && let Some(found) = self.users.get(id).await?
        {
            return Ok(found);
        }
        let unknown = || format!("nobody is called {user}");
        let name = match (Username::parse(user), Email::parse(user)) {
            (Ok(username), _) => LoginName::from(&username),
            (_, Ok(email)) => LoginName::from(&email),
            _ => return Err(unknown().into()),
        };
        let id = self.logins.owner(&name).await?.ok_or_else(unknown)?;
        Ok(self.users.get(id).await?.ok_or_else(unknown)?)
    }
}

async fn physical_id(
    client: &aws_sdk_cloudformation::Client,
    stack: &str,
    table: &str,
) -> Result<String, Error> {
    let described = client
        .describe_stack_resource()
        .stack_name(stack)
        .logical_resource_id(table)
        .send()
        .await
        .map_err(|error| {
            let error = aws_sdk_cloudformation::error::DisplayErrorContext(error);
            format!("the stack {stack} cannot be read: {error}")
        })?;
    let resource = described.stack_resource_detail();
    let id = resource.and_then(|resource| resource.physical_resource_id());
    let id = id.ok_or_else(|| format!("the stack {stack} has no {table} yet"))?;
    Ok(id.to_owned())
}

/// A configuration for the engine of the local stack that keeps its data in this directory.
async fn local(directory: &Path) -> Result<SdkConfig, Error> {
    let nothing = || {
        let directory = directory.display();
        format!(
            "no local stack runs on {directory}: start one with `cargo xtask dev`, or name an AWS stack with --stack"
        )
    };
    let text = std::fs::read(directory.join("stack.json")).map_err(|_| nothing())?;
    let Local { dynamodb } = serde_json::from_slice(&text)?;
    // The file of a stack that was killed is still there.
    let address = dynamodb.trim_start_matches("http://");
    TcpStream::connect(address).map_err(|_| nothing())?;
    let credentials = Credentials::new("local", "local", None, None, "local");
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(credentials)
        .endpoint_url(&dynamodb);
    Ok(config.load().await)
}
