//! A function that reads the account whose id it is given, written as the SDK's own examples are.

use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use lambda_http::{Error, Request, run, service_fn};

#[tokio::main]
async fn main() -> Result<(), Error> {
    lambda_http::tracing::init_default_subscriber();
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let client = &Client::new(&config);
    let table = &std::env::var("USERS_TABLE")?;
    run(service_fn(move |request: Request| async move {
        let id = std::str::from_utf8(request.body())?;
        let key = AttributeValue::S(id.to_owned());
        let found = client
            .get_item()
            .table_name(table)
            .key("id", key)
            .send()
            .await?;
        let item = found.item().ok_or("no such account")?;
        Ok::<_, Error>(item.len().to_string())
    }))
    .await
}
