//! A function that does nothing but read the account whose id it is given, which a guard that reads two items in one call
//! is measured against.

use accounts::UserId;
use lambda_http::{Error, Request, run, service_fn};

const NOBODY: &str = "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a11";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_http::tracing::init_default_subscriber();
    let users = &api::Environment::load()?.users()?;
    users.get(UserId::parse(NOBODY).ok_or("an id")?).await?;
    run(service_fn(move |request: Request| async move {
        let id = std::str::from_utf8(request.body())?;
        let user = users.get(UserId::parse(id).ok_or("no id")?).await?;
        Ok::<_, Error>(user.ok_or("no such account")?.id.to_string())
    }))
    .await
}
