//! A DynamoDB of one's own, in this process and without a network beyond loopback.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use api::Environment;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::TimeToLiveSpecification;
use aws_types::SdkConfig;
use dynoxide::Database;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::Error;
use crate::stream::Stream;
use crate::template::{Table, Template};

/// The region and the credentials that a client of the engine needs. The engine reads neither, but
/// a client signs with them.
pub const CREDENTIALS: [(&str, &str); 3] = [
    ("AWS_REGION", "us-east-1"),
    ("AWS_ACCESS_KEY_ID", "local"),
    ("AWS_SECRET_ACCESS_KEY", "local"),
];

/// A running DynamoDB engine. It stops when this is dropped.
pub struct Engine {
    url: String,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<Result<(), String>>,
    database: Database,
}

impl Engine {
    /// An empty engine with the template's tables, all in memory.
    ///
    /// # Errors
    ///
    /// Where no port of the loopback interface can be had.
    pub async fn start() -> Result<Self, Error> {
        Self::start_of(&Template::load()).await
    }

    /// An empty engine with the tables of this template, all in memory.
    ///
    /// # Errors
    ///
    /// Where no port of the loopback interface can be had.
    pub async fn start_of(template: &Template) -> Result<Self, Error> {
        Self::serve(Database::memory()?, template).await
    }

    /// An engine whose data last in `file`, with those tables of this template made that it does not
    /// have yet.
    ///
    /// # Errors
    ///
    /// Where the file is no database of this engine, or no port can be had.
    pub async fn open(file: &Path, template: &Template) -> Result<Self, Error> {
        let file = file
            .to_str()
            .ok_or("the path of the database is not UTF-8")?;
        Self::serve(Database::new(file)?, template).await
    }

    async fn serve(database: Database, template: &Template) -> Result<Self, Error> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(dynoxide::server::serve_with_shutdown(
            listener,
            database.clone(),
            async {
                // An error means that the sender was dropped, which is a stop too.
                let _ = stopped.await;
            },
        ));
        let engine = Self {
            url,
            stop: Some(stop),
            server,
            database,
        };
        let client = engine.client();
        for table in template.tables() {
            make(&client, &table).await?;
        }
        Ok(engine)
    }

    /// Where the engine listens; what `AWS_ENDPOINT_URL_DYNAMODB` wants.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client of this engine.
    #[must_use]
    pub fn client(&self) -> Client {
        let [(_, region), (_, id), (_, secret)] = CREDENTIALS;
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(Credentials::new(id, secret, None, None, "local"))
            .endpoint_url(&self.url)
            .build();
        Client::from_conf(config)
    }

    /// The stream of a table.
    ///
    /// # Errors
    ///
    /// Where the table has none.
    pub fn stream(&self, table: &str) -> Result<Stream, Error> {
        Stream::of(self.database.clone(), table)
    }

    /// The environment of a function with these variables on this engine.
    #[must_use]
    pub fn environment(&self, variables: &BTreeMap<String, String>) -> Environment {
        let variables = variables.clone().into_iter().collect();
        Environment::new(variables, self.client(), SdkConfig::builder().build())
    }

    /// Stops the engine once the requests under way are answered, and closes the database.
    ///
    /// # Errors
    ///
    /// Where the server had failed before.
    pub async fn stop(mut self) -> Result<(), Error> {
        drop(self.stop.take());
        (&mut self.server).await?.map_err(Error::from)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut engine = f.debug_struct("Engine");
        engine.field("url", &self.url).finish_non_exhaustive()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

/// Makes a table, or what is missing of it: an earlier start may have ended between the two calls.
async fn make(client: &Client, table: &Table) -> Result<(), Error> {
    match table.create.clone().send_with(client).await {
        Ok(_) => {}
        Err(error)
            if error
                .as_service_error()
                .is_some_and(|e| e.is_resource_in_use_exception()) => {}
        Err(error) => return Err(error.into()),
    }
    let Some(attribute) = &table.ttl_attribute else {
        return Ok(());
    };
    let found = client
        .describe_time_to_live()
        .table_name(&table.name)
        .send()
        .await?;
    if found
        .time_to_live_description()
        .and_then(|ttl| ttl.attribute_name())
        != Some(attribute)
    {
        let ttl = TimeToLiveSpecification::builder()
            .attribute_name(attribute)
            .enabled(true)
            .build()?;
        client
            .update_time_to_live()
            .table_name(&table.name)
            .time_to_live_specification(ttl)
            .send()
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
