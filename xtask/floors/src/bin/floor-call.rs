//! A function that does nothing but read one item, which a guard that reads two in one call is measured against.

use accounts::UserId;
use lambda_http::{Error, Request, run, service_fn};

const NOBODY: &str = "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a11";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_http::tracing::init_default_subscriber();
    let users = &api::Environment::load()?.users()?;
    let nobody = UserId::parse(NOBODY).ok_or("an id")?;
    users.get(nobody).await?;
    run(service_fn(move |_: Request| async move {
        Ok::<_, Error>(users.get(nobody).await?.is_some().to_string())
    }))
    .await
}
