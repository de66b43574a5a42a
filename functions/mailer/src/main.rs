//! The Lambda function `mailer`.

use mailer::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    api::handle::<App>().await
}
