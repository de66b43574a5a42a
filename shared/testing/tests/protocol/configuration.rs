//! A function starts with exactly the variables that template.yaml gives it, and stops with a
//! sentence at a wrong one.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use api::{ConfigError, Environment};
use local::functions::Function;
use local::{Template, workspace};
use testing::Stack;

fn start(function: &str, environment: &Environment) -> Result<(), ConfigError> {
    Function::named(function).start(environment).map(drop)
}

#[tokio::test]
async fn the_template_gives_a_function_the_variables_it_reads_and_no_others() {
    let stack = Stack::start().await;
    let template = Template::with_mail();
    let mut unread: BTreeSet<_> = template.globals().into_keys().collect();
    for function in template.functions() {
        let name = &function.name;
        let own: Vec<_> = function.environment.keys().cloned().collect();
        let mut all: HashMap<_, _> = template.globals().into_iter().collect();
        all.extend(function.environment);
        start(name, &stack.environment_of(all.clone())).unwrap();
        for variable in all.keys() {
            let mut fewer = all.clone();
            fewer.remove(variable);
            match start(name, &stack.environment_of(fewer)) {
                Ok(()) => assert!(!own.contains(variable), "{name} reads no {variable}"),
                Err(error) => {
                    unread.remove(variable);
                    assert_eq!(
                        error.to_string(),
                        format!("{variable} is not set."),
                        "{name}"
                    );
                }
            }
        }
    }
    // It is read by the log, which starts without it too.
    assert_eq!(unread, BTreeSet::from(["STACK_NAME".to_owned()]));
}

#[tokio::test]
async fn the_table_of_roles_is_parsed_once() {
    let environment = Stack::start().await.environment();
    let (first, second) = (environment.roles().unwrap(), environment.roles().unwrap());
    assert!(Arc::ptr_eq(&first, &second));
}

#[tokio::test]
async fn a_wrong_value_stops_the_function_with_a_sentence_that_names_it() {
    let stack = Stack::start().await;
    for (variable, value, says) in [
        (
            "ACCESS_TOKEN_LIFETIME",
            "0",
            "must be a whole number from 60 to 3600",
        ),
        (
            "ACCESS_TOKEN_LIFETIME",
            "3601",
            "must be a whole number from 60 to 3600",
        ),
        ("ACCESS_TOKEN_LIFETIME", "15m", "must be a whole number"),
        ("SESSION_LIFETIME", "-1", "must be a whole number"),
        (
            "SESSION_IDLE_LIFETIME",
            "3599",
            "must be a whole number from 3600",
        ),
        (
            "MIN_PASSWORD_LENGTH",
            "7",
            "must be a whole number from 8 to 64",
        ),
        (
            "PASSWORD_WORDS",
            "acme,ab",
            "has a word of fewer than 3 or more than 64 characters",
        ),
        ("ARGON2_ITERATIONS", "", "is empty"),
        ("ARGON2_MEMORY_KIB", "7168.5", "must be a whole number"),
        (
            "REGISTRATION_BURST",
            "21",
            "must be a whole number from 0 to 20",
        ),
        (
            "THROTTLE_WINDOW",
            "9",
            "must be a whole number from 10 to 600",
        ),
        (
            "REGISTRATION_MODE",
            "maybe",
            "must be one of: open, confirmed, closed",
        ),
        ("AUDIENCE", "", "is empty"),
        ("CLIENT_ID", "", "is empty"),
        ("LOGINS_TABLE", "", "is empty"),
        ("ROLES", "", "is empty"),
        ("ROLES", "admin=users:read, a=b", "its entry 2 is not"),
        ("ROLES", "a=b,a=c", "names a twice"),
        ("ISSUER_URL", "http://example.com", "must be an https URL"),
        ("LOCAL_SEALING_KEY", "/nowhere/at/all", "is no sealing key"),
        ("KMS_KEY", "", "is empty"),
        ("EDGE_SECRET_HASHES", "secret", "must be one or two SHA-256"),
        ("EDGE_ADDRESS_HEADER", "", "is empty"),
        (
            "EDGE_ADDRESS_HEADER",
            "X-Client",
            "must be the name of a header that nothing else goes by",
        ),
        ("EDGE_REQUIRED", "yes", "must be one of: true, false"),
        (
            "EDGE_REQUIRED",
            "true",
            "is true, but EDGE_SECRET_HASHES is empty",
        ),
    ] {
        let environment = stack.environment_with(variable, Some(value));
        let sentence = start("register", &environment)
            .expect_err(variable)
            .to_string();
        assert!(
            sentence.starts_with(variable) && sentence.contains(says),
            "{sentence}"
        );
        assert!(sentence.ends_with('.'), "{sentence}");
    }
    for (variable, value, says) in [
        (
            "SIGNING_ALGORITHM",
            "HS256",
            "must be one of: RS256, ES256, EdDSA",
        ),
        (
            "KEY_ROTATION_DAYS",
            "0",
            "must be a whole number from 1 to 365",
        ),
    ] {
        let environment = stack.environment_with(variable, Some(value));
        let error = start("rotate-keys", &environment).expect_err(variable);
        assert_eq!(error.to_string(), format!("{variable} {says}."));
    }
    let environment = stack.environment_with("NAME_FAILURES", Some("10001"));
    let sentence = start("login", &environment).unwrap_err().to_string();
    assert_eq!(
        sentence,
        "NAME_FAILURES must be a whole number from 0 to 10000."
    );
    let weak =
        Stack::start_with(&[("ARGON2_MEMORY_KIB", "7168"), ("ARGON2_ITERATIONS", "4")]).await;
    let sentence = start("login", &weak.environment()).unwrap_err().to_string();
    assert!(
        sentence.contains("below the minimum for argon2id"),
        "{sentence}"
    );
}

#[tokio::test]
async fn what_the_template_allows_is_what_the_functions_take() {
    let text = std::fs::read_to_string(workspace().join("template.yaml")).unwrap();
    let template: yaml_serde::Value = yaml_serde::from_str(&text).unwrap();
    let stack = Stack::start().await;
    let mut held = 0;
    for (parameter, variable) in [
        ("AccessTokenLifetime", "ACCESS_TOKEN_LIFETIME"),
        ("SessionLifetime", "SESSION_LIFETIME"),
        ("SessionIdleLifetime", "SESSION_IDLE_LIFETIME"),
        ("RefreshGrace", "REFRESH_GRACE"),
        ("FreshFor", "FRESH_FOR"),
        ("KeyRotationDays", "KEY_ROTATION_DAYS"),
        ("MinPasswordLength", "MIN_PASSWORD_LENGTH"),
        ("ThrottleWindow", "THROTTLE_WINDOW"),
    ] {
        let bound = |name: &str| template["Parameters"][parameter][name].as_i64().unwrap();
        let (least, most) = (bound("MinValue"), bound("MaxValue"));
        let described = &template["Parameters"][parameter]["ConstraintDescription"];
        let described = described.as_str().unwrap();
        assert!(described.contains(&most.to_string()), "{described}");
        for function in Template::load().functions() {
            if !function.environment.contains_key(variable) {
                continue;
            }
            held += 1;
            for (value, taken) in [
                (least - 1, false),
                (least, true),
                (most, true),
                (most + 1, false),
            ] {
                let environment = stack.environment_with(variable, Some(&value.to_string()));
                let started = start(&function.name, &environment);
                assert_eq!(
                    started.is_ok(),
                    taken,
                    "{} {variable} {value}",
                    function.name
                );
            }
        }
    }
    assert!(held >= 7, "{held}");
}

#[tokio::test]
async fn the_local_sealing_key_refuses_to_run_inside_lambda() {
    let stack = Stack::start().await;
    for variable in ["AWS_EXECUTION_ENV", "LAMBDA_TASK_ROOT"] {
        let environment = stack.environment_with(variable, Some("/var/task"));
        let sentence = start("login", &environment).unwrap_err().to_string();
        assert!(
            sentence.contains("refuses to run inside Lambda"),
            "{sentence}"
        );
        start("protected", &environment).unwrap();
    }
}
