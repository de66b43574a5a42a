//! The people who use the deployed stack, in tests of their own and in a browser.

use tokio::process::Command;

use super::{ADMINISTRATOR, Cloud, STACK};
use crate::browser::{self, Mailed};
use crate::terminal::{execute, heading, output};
use crate::{Error, tools};

/// The journeys of a stack without mail.
pub(in crate::deploy_test) const UNMAILED: [&str; 1] =
    ["a_person_registers_signs_in_and_reaches_what_is_protected"];

/// Those of a stack in which everybody may register.
pub(in crate::deploy_test) const OPEN: [&str; 3] = [
    UNMAILED[0],
    "whoever_forgets_a_password_or_moves_to_another_address_gets_letters",
    "somebody_protects_an_account_with_an_app_and_a_passkey",
];

/// That of a stack in which an address is proven first.
pub(in crate::deploy_test) const CONFIRMED: [&str; 1] =
    ["an_address_is_proven_before_its_account_is_made"];

/// That of a stack in which everybody needs a second factor.
pub(in crate::deploy_test) const ENROLLING: [&str; 1] =
    ["whoever_needs_a_second_factor_enrols_one_first"];

impl Cloud {
    /// Has people make these journeys, and says in how many requests. With an origin a page of it does so too, as a browser would.
    pub(in crate::deploy_test) async fn journey(
        &self,
        url: &str,
        journeys: &[&str],
        origin: Option<&str>,
    ) -> Result<usize, Error> {
        heading("The journey");
        let mut journey = self.people(url, journeys);
        journey.envs(origin.map(|origin| ("LATCHKEY_ORIGIN", origin)));
        let report = output(&mut journey).await?;
        println!("{}", report.trim());
        let requests = browser::requests(&report);
        if requests.len() != journeys.len() {
            return Err("a journey does not say how many requests it took".into());
        }
        Ok(requests.iter().sum())
    }

    /// Has people open the links of their mails in a browser, and says in how many requests.
    pub(in crate::deploy_test) async fn browse(
        &self,
        url: &str,
        issuer: &str,
        mode: &str,
    ) -> Result<usize, Error> {
        let certificate = self.decisions.with_file_name("certificate");
        let host = issuer.trim_start_matches("https://");
        let directory = certificate.display().to_string();
        self.script("certificate", &[host, &directory]).await?;
        let mailed = Mailed {
            url,
            issuer,
            inbox: &self.inbox,
            mode,
            certificate: &certificate,
            administrator: ADMINISTRATOR,
        };
        browser::check_mails(&mailed).await
    }

    /// A journey for each statement that is left out.
    pub(in crate::deploy_test) async fn statements(&self, url: &str) -> Result<(), Error> {
        let mut statements = self.python("statements", &[STACK, url, ADMINISTRATOR]);
        statements.arg(&self.decisions);
        let journey = self.people(url, &OPEN);
        let journey = journey.as_std();
        for (name, value) in journey.get_envs() {
            statements.env(name, value.unwrap_or_default());
        }
        statements.arg(journey.get_program());
        execute(statements.args(journey.get_args())).await
    }

    /// One after the other, since each may count its requests.
    fn people(&self, url: &str, journeys: &[&str]) -> Command {
        let mut journey = tools::cargo();
        journey
            .args(["test", "--quiet", "--locked", "--workspace"])
            .args(["--test", "journey", "--"])
            .args(["--nocapture", "--test-threads=1", "--exact"])
            .args(journeys)
            .env("LATCHKEY_URL", url)
            .env("LATCHKEY_INBOX", &self.inbox)
            .env("LATCHKEY_ADMINISTRATOR", ADMINISTRATOR);
        journey
    }
}
