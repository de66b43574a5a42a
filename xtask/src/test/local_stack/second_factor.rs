//! Second factors and passkeys, in Chromium with a virtual authenticator.

use super::{Dev, WITHOUT_LIMITS};
use crate::Error;
use crate::browser::{self, Origins};

/// The seconds for which a sign-in is fresh: enough to look at every state of the page meanwhile, and few to wait for.
const FRESH_FOR: &str = "40";

pub(super) async fn check() -> Result<(), Error> {
    let origins = Origins::free()?;
    let fresh_for = format!("FRESH_FOR={FRESH_FOR}");
    let stack = start(&origins, &["--env", &fresh_for]).await?;
    browser::check_passkeys(&stack.url(), &origins).await?;
    browser::check_factors(&stack.url(), &origins, FRESH_FOR).await?;
    browser::check_guide(&stack.url(), &origins, Some(FRESH_FOR)).await?;
    stack.end().await?;

    // Where everybody must have a second factor, an open registration can prove no address before there is one.
    let all = ["--env", "MFA_REQUIRED=all", "--env", "MAIL_FROM="];
    let stack = start(&origins, &all).await?;
    browser::check_first_factor(&stack.url(), &origins).await?;
    browser::check_guide(&stack.url(), &origins, None).await?;
    stack.end().await
}

async fn start(origins: &Origins, options: &[&str]) -> Result<Dev, Error> {
    let cors = ["--cors", &origins.allowed];
    Dev::start(&[&WITHOUT_LIMITS[..], &cors, options].concat()).await
}
