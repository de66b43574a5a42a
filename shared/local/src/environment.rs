//! The variables of the functions on this machine: those of the template, and where this machine
//! differs.

use std::collections::BTreeMap;
use std::path::Path;

use crate::engine::CREDENTIALS;
use crate::{Error, Template};

/// Variables of the caller's own AWS set-up that would lead a local function elsewhere.
pub const FOREIGN: [&str; 8] = [
    "AWS_CA_BUNDLE",
    "AWS_CONFIG_FILE",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_USE_FIPS_ENDPOINT",
];

/// A variable that was chosen on the command line: name and value.
pub type Variable = (String, String);

/// Reads `KEY=VALUE`.
///
/// # Errors
///
/// A sentence, if the text is of another form.
pub fn variable(text: &str) -> Result<Variable, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it is not of the form KEY=VALUE".to_owned()),
    }
}

/// The parameter that decides which functions, tables and permissions there are, and its variable.
const SENDER: (&str, &str) = ("MailFrom", "MAIL_FROM");

/// The template of a deployment with these variables: its conditions go by them.
#[must_use]
pub fn template(chosen: &[Variable]) -> Template {
    let (parameter, variable) = SENDER;
    let template = Template::load();
    // The last one wins, as on a command line.
    match chosen.iter().rev().find(|(name, _)| name == variable) {
        Some((_, value)) => template.with(parameter, value),
        None => template,
    }
}

/// The variables of all functions of a template, for an API at `url` on a DynamoDB engine at
/// `engine`. The chosen ones win.
#[must_use]
pub fn of_functions(
    template: &Template,
    url: &str,
    engine: &str,
    sealing_key: &Path,
    chosen: &[Variable],
) -> BTreeMap<String, String> {
    let mut all = template.environment();
    let mut set = |name: &str, value: &str| all.insert(name.to_owned(), value.to_owned());
    set("ISSUER_URL", url);
    set("API_URL", url);
    set("AWS_ENDPOINT_URL_DYNAMODB", engine);
    set("LOCAL_SEALING_KEY", &sealing_key.display().to_string());
    // JSON is for the log group; here someone reads.
    set("AWS_LAMBDA_LOG_FORMAT", "Text");
    set("AWS_LAMBDA_LOG_LEVEL", "INFO");
    for (name, value) in CREDENTIALS {
        set(name, value);
    }
    for (name, value) in chosen {
        set(name, value);
    }
    all
}

/// Refuses a variable that no function reads: a misspelt name would change nothing, silently.
///
/// # Errors
///
/// A sentence with the names that functions read.
pub fn check(chosen: &[Variable]) -> Result<(), Error> {
    let known = Template::with_mail().environment();
    match chosen.iter().find(|(name, _)| !known.contains_key(name)) {
        None => Ok(()),
        Some((name, _)) => {
            let known: Vec<_> = known.into_keys().collect();
            Err(format!(
                "no function reads {name}; what they read: {}",
                known.join(", ")
            )
            .into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_of_the_template_can_be_chosen() {
        let chosen = [("REGISTRATION_MODE".to_owned(), "closed".to_owned())];
        check(&chosen).unwrap();
        let all = of_functions(
            &Template::load(),
            "http://127.0.0.1:9000",
            "http://127.0.0.1:1",
            Path::new("key"),
            &chosen,
        );
        assert_eq!(all["REGISTRATION_MODE"], "closed");
        assert_eq!(all["ISSUER_URL"], "http://127.0.0.1:9000");
        assert_eq!(all["USERS_TABLE"], "UsersTable");
    }

    #[test]
    fn the_template_is_that_of_the_sender_that_was_chosen() {
        let chosen = |senders: &[&str]| {
            let senders = senders.iter();
            let chosen: Vec<_> = senders
                .map(|sender| ("MAIL_FROM".to_owned(), (*sender).to_owned()))
                .collect();
            template(&chosen).environment()["MAILS_TABLE"].clone()
        };
        assert_eq!(chosen(&[]), "");
        assert_eq!(chosen(&["a@example.com"]), "MailsTable");
        assert_eq!(chosen(&["a@example.com", ""]), "");
    }

    #[test]
    fn a_variable_that_no_function_reads_is_an_error_that_names_it() {
        let error = check(&[("REGISTRATION_MOOD".to_owned(), "closed".to_owned())]).unwrap_err();
        assert!(error.to_string().contains("REGISTRATION_MOOD"));
    }

    #[test]
    fn a_value_may_hold_an_equals_sign() {
        assert_eq!(variable("A=b=c"), Ok(("A".to_owned(), "b=c".to_owned())));
        assert!(variable("A").is_err());
        assert!(variable("=b").is_err());
    }
}
