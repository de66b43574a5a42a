//! Facts that template.yaml and other files of this repository must state alike.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use api::Event;
use local::template::{Route, Template, workspace};
use serde_json::Value;
use testing::openapi;

#[test]
fn cargo_lambda_has_the_paths_of_the_template() {
    let local: BTreeMap<String, String> =
        serde_json::from_value(cargo_metadata()["metadata"]["lambda"]["watch"]["router"].clone())
            .unwrap();
    let deployed: BTreeSet<_> = Template::load()
        .routes()
        .into_iter()
        .map(|route| (route.path, route.function))
        .collect();
    assert_eq!(BTreeSet::from_iter(local), deployed);
}

#[test]
fn every_function_is_a_binary_of_its_own_crate() {
    let metadata = cargo_metadata();
    let crates: BTreeSet<_> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| {
            let manifest = package["manifest_path"].as_str().unwrap();
            manifest.contains("/functions/")
        })
        .map(|package| package["name"].as_str().unwrap().to_owned())
        .collect();
    let deployed: BTreeSet<_> = Template::with_mail()
        .functions()
        .into_iter()
        .map(|function| function.name)
        .collect();
    assert_eq!(crates, deployed);
}

#[test]
fn each_operation_has_a_route_by_its_method() {
    let mut routes: Vec<_> = Template::load().routes().iter().map(key).collect();
    routes.sort();
    let operations: Vec<_> = openapi::operations().into_keys().collect();
    assert_eq!(routes, operations);
}

/// API Gateway takes no settings for a route that it does not have, and the deployment fails.
#[test]
fn the_routes_with_a_password_and_those_that_mail_have_limits_of_their_own() {
    let settings = api_properties()["RouteSettings"].clone();
    let limits: BTreeMap<_, _> = settings
        .as_mapping()
        .unwrap()
        .iter()
        .map(|(key, limits)| (key.as_str().unwrap().to_owned(), rate(limits)))
        .collect();
    let (password, mail) = ("PasswordRouteRate", "MailRouteRate");
    let expected = [
        ("POST /admin/users", mail.to_owned()),
        ("POST /admin/users/{id}/password-reset", mail.to_owned()),
        ("POST /forgot-password", mail.to_owned()),
        ("POST /login", password.to_owned()),
        ("POST /login/mfa", password.to_owned()),
        ("POST /login/passkey", password.to_owned()),
        ("POST /register", format!("{mail} or {password}")),
        ("POST /register/confirm", password.to_owned()),
        ("POST /reset-password", password.to_owned()),
        ("POST /signup", mail.to_owned()),
        ("POST /signup/confirm", password.to_owned()),
        ("POST /step-up", password.to_owned()),
        ("PUT /me/email", mail.to_owned()),
        ("PUT /me/password", password.to_owned()),
    ];
    let expected = expected.map(|(key, rate)| (key.to_owned(), rate));
    assert_eq!(limits, expected.into());
    let routes: BTreeSet<_> = Template::load().routes().iter().map(key).collect();
    assert!(limits.keys().all(|key| routes.contains(key)), "{routes:?}");
}

/// The parameter that limits a route or, where that depends on whether mail is sent, both.
fn rate(limits: &yaml_serde::Value) -> String {
    let yaml_serde::Value::Tagged(rate) = &limits["ThrottlingRateLimit"] else {
        panic!("a rate is a parameter: {limits:?}")
    };
    let name = |value: &yaml_serde::Value| match value {
        yaml_serde::Value::Tagged(tagged) => tagged.value.as_str().unwrap().to_owned(),
        other => panic!("a rate is a parameter, not {other:?}"),
    };
    if rate.tag == "If" {
        assert_eq!(rate.value[0], "MailIsSent");
        return format!("{} or {}", name(&rate.value[1]), name(&rate.value[2]));
    }
    rate.value.as_str().unwrap().to_owned()
}

#[test]
fn pages_of_allowed_origins_may_use_every_route_and_read_every_refusal() {
    let cors = &api_properties()["DefinitionBody"]["x-amazon-apigateway-cors"];
    let yaml_serde::Value::Tagged(choice) = cors else {
        panic!("CORS depends on a parameter, not {cors:?}")
    };
    let cors = &choice.value[1];
    let names = |member: &str| -> BTreeSet<String> {
        yaml_serde::from_value(cors[member].clone()).unwrap()
    };
    // No script opens the pages, and so none asks for their HEAD.
    let methods = Template::load().routes().into_iter();
    let methods = methods.map(|route| route.method).filter(|it| it != "HEAD");
    assert_eq!(names("allowMethods"), methods.collect());
    let sent = ["authorization", "content-type"];
    assert_eq!(names("allowHeaders"), sent.map(str::to_owned).into());
    let read = [
        "retry-after",
        "www-authenticate",
        "x-amzn-remapped-www-authenticate",
    ];
    assert_eq!(names("exposeHeaders"), read.map(str::to_owned).into());
    assert!(cors["maxAge"].is_number());
    assert!(cors.get("allowCredentials").is_none(), "no cookie travels");
}

#[test]
fn every_route_has_an_event() {
    let events: BTreeSet<String> = std::fs::read_dir(workspace().join("events"))
        .unwrap()
        .map(|file| {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            serde_json::from_str(&text).unwrap()
        })
        // An authorizer is asked about a route of another API, and a schedule about none.
        .filter(|event: &Value| event["type"] != "REQUEST" && event["routeKey"].is_string())
        .map(|event| {
            let path = event["rawPath"].as_str().unwrap();
            assert_eq!(event["requestContext"]["http"]["path"], path);
            let key = event["routeKey"].as_str().unwrap();
            assert_eq!(event["requestContext"]["routeKey"], key);
            let (method, pattern) = key.split_once(' ').unwrap();
            assert_eq!(event["requestContext"]["http"]["method"], method);
            let id = event["pathParameters"]["id"].as_str().unwrap_or_default();
            assert_eq!(pattern.replace("{id}", id), path);
            key.to_owned()
        })
        .collect();
    let routes = Template::load().routes().iter().map(key).collect();
    assert_eq!(events, routes);
}

#[test]
fn a_function_may_touch_the_tables_that_it_knows_and_no_others() {
    for function in Template::with_mail().functions() {
        let known: BTreeSet<_> = function
            .environment
            .values()
            .filter(|value| value.ends_with("Table"))
            .map(String::as_str)
            .collect();
        let targets = function.policies.iter().map(|(_, target)| target);
        let tables = targets.map(|target| target.split(' ').next().unwrap());
        // Every function has the name of that one: it says whether mail is sent.
        let allowed = tables.filter(|table| *table != "MailsTable").collect();
        assert_eq!(known, allowed, "{}", function.name);
    }
}

#[test]
fn a_function_may_touch_mails_of_certain_purposes_alone() {
    let functions = Template::with_mail().functions().into_iter();
    let targets = functions.flat_map(|function| function.policies);
    for (action, target) in targets {
        assert_ne!(target, "MailsTable", "{action} on every row");
    }
}

#[test]
fn another_value_of_what_the_ring_goes_by_has_it_put_in_order() {
    let text = std::fs::read_to_string(workspace().join("template.yaml")).unwrap();
    let template: yaml_serde::Value = yaml_serde::from_str(&text).unwrap();
    let parameters = |value: &yaml_serde::Value| -> BTreeSet<String> {
        let values = value.as_mapping().unwrap().values();
        let names = values.filter_map(|value| match value {
            yaml_serde::Value::Tagged(tagged) if tagged.tag == "Ref" => tagged.value.as_str(),
            _ => None,
        });
        let of_the_stack = names.filter(|name| template["Parameters"].get(name).is_some());
        of_the_stack.map(str::to_owned).collect()
    };
    let resources = &template["Resources"];
    let function = &resources["RotateKeysFunction"]["Properties"]["Environment"]["Variables"];
    let resource = &resources["KeyRing"]["Properties"];
    assert!(parameters(function).contains("SessionLifetime"));
    assert_eq!(parameters(resource), parameters(function));
}

#[test]
fn a_token_or_a_password_that_somebody_else_has_rings_an_alarm_at_once() {
    let text = std::fs::read_to_string(workspace().join("operations.yaml")).unwrap();
    let template: yaml_serde::Value = yaml_serde::from_str(&text).unwrap();
    for event in [
        Event::RefreshTokenReused,
        Event::RefreshTokenShared,
        Event::MfaLocked,
    ] {
        let metric = event.metric().unwrap();
        let alarm = &template["Resources"][format!("{metric}Alarm")]["Properties"];
        println!(
            "{metric}Alarm: {}",
            alarm["AlarmDescription"].as_str().unwrap()
        );
        assert_eq!(alarm["Namespace"], "Latchkey", "{metric}");
        assert_eq!(alarm["MetricName"], metric);
        assert_eq!(alarm["Threshold"], 1, "{metric}");
        assert_eq!(alarm["EvaluationPeriods"], 1, "{metric}");
    }
}

/// CloudFormation rolls a deployment back by alarms that are there before it, and an alarm that is
/// nested could go with the change that it judges.
#[test]
fn the_alarms_that_roll_a_deployment_back_are_in_the_template_itself() {
    let alarms: BTreeSet<_> = Template::load().alarms().into_iter().collect();
    let expected = ["AuthorizerErrorsAlarm", "ServerErrorsAlarm"];
    assert_eq!(alarms, expected.map(str::to_owned).into());
    assert!(Template::operations().alarms().len() >= 9);
}

#[test]
fn what_cannot_be_made_again_outlives_the_stack() {
    let text = std::fs::read_to_string(workspace().join("template.yaml")).unwrap();
    let template: yaml_serde::Value = yaml_serde::from_str(&text).unwrap();
    for name in [
        "LoginsTable",
        "UsersTable",
        "SessionsTable",
        "FactorsTable",
        "KeysTable",
    ] {
        let table = &template["Resources"][name];
        assert_eq!(table["DeletionPolicy"], "Retain", "{name}");
        assert_eq!(table["UpdateReplacePolicy"], "Retain", "{name}");
        assert_eq!(
            table["Properties"]["DeletionProtectionEnabled"], true,
            "{name}"
        );
        let recovery = &table["Properties"]["PointInTimeRecoverySpecification"];
        assert_eq!(recovery["PointInTimeRecoveryEnabled"], true, "{name}");
    }
}

/// The name that API Gateway gives to a route.
fn key(route: &Route) -> String {
    format!("{} {}", route.method, route.path)
}

fn api_properties() -> yaml_serde::Value {
    let text = std::fs::read_to_string(workspace().join("template.yaml")).unwrap();
    let template: yaml_serde::Value = yaml_serde::from_str(&text).unwrap();
    template["Resources"]["Api"]["Properties"].clone()
}

fn cargo_metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(workspace())
        .output()
        .expect("cargo runs this test, so it is there");
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}
