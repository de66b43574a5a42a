//! The tests that need a KMS, against MiniStack's.

use crate::ministack::MiniStack;
use crate::terminal::{execute, heading};
use crate::{Error, tools};

pub(super) async fn check() -> Result<(), Error> {
    heading("KMS");
    let aws = MiniStack::start().await?;
    let mut test = tools::cargo();
    test.args(["test", "--locked", "--workspace", "--test", "kms"])
        .args(["--", "--ignored"])
        .env("LATCHKEY_KMS", aws.url());
    let outcome = execute(&mut test).await;
    aws.end().await?;
    outcome
}
