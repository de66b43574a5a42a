//! What template.yaml and what stands elsewhere in this repository must say alike.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use api::Event;
use claims::Roles;
use local::template::{Route, Template, workspace};
use serde_json::{Value, json};

#[test]
fn the_local_gateway_has_the_routes_of_the_template() {
    let local: BTreeMap<String, String> =
        serde_json::from_value(cargo_metadata()["metadata"]["lambda"]["watch"]["router"].clone())
            .unwrap();
    let deployed: BTreeMap<String, String> = Template::load()
        .routes()
        .into_iter()
        .map(|route| (route.path, route.function))
        .collect();
    assert_eq!(local, deployed);
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
    let deployed: BTreeSet<_> = Template::load()
        .functions()
        .into_iter()
        .map(|function| function.name)
        .collect();
    assert_eq!(crates, deployed);
}

#[test]
fn a_function_answers_a_wrong_method_itself() {
    let routes = Template::load().routes();
    let others: Vec<_> = routes
        .iter()
        .filter(|route| route.method != "ANY")
        .collect();
    assert_eq!(others, Vec::<&Route>::new());
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
            let route = key.strip_prefix("ANY ").unwrap().to_owned();
            let id = event["pathParameters"]["id"].as_str().unwrap_or_default();
            assert_eq!(route.replace("{id}", id), path);
            route
        })
        .collect();
    let routes = Template::load()
        .routes()
        .into_iter()
        .map(|route| route.path)
        .collect();
    assert_eq!(events, routes);
}

#[test]
fn a_function_may_touch_the_tables_that_it_knows_and_no_others() {
    for function in Template::load().functions() {
        let known: BTreeSet<_> = function
            .environment
            .values()
            .filter(|value| value.ends_with("Table"))
            .collect();
        let allowed: BTreeSet<_> = function.policies.iter().map(|(_, table)| table).collect();
        assert_eq!(known, allowed, "{}", function.name);
    }
}

#[test]
fn parameters_reach_functions_at_their_defaults() {
    let environment = Template::load().environment();
    assert_eq!(environment["ISSUER_URL"], "");
    assert_eq!(environment["ACCESS_TOKEN_LIFETIME"], "900");
    assert_eq!(environment["USERS_TABLE"], "UsersTable");
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
fn a_token_that_somebody_else_has_rings_an_alarm_at_once() {
    let text = std::fs::read_to_string(workspace().join("template.yaml")).unwrap();
    let template: yaml_serde::Value = yaml_serde::from_str(&text).unwrap();
    for event in [Event::RefreshTokenReused, Event::RefreshTokenShared] {
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

#[test]
fn what_cannot_be_made_again_outlives_the_stack() {
    let text = std::fs::read_to_string(workspace().join("template.yaml")).unwrap();
    let template: yaml_serde::Value = yaml_serde::from_str(&text).unwrap();
    for name in ["LoginsTable", "UsersTable", "KeysTable"] {
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

/// CloudFormation and a function refuse the same tables: a deployment ends with a sentence, and not with functions that do
/// not start.
#[test]
fn the_pattern_of_the_roles_refuses_what_their_parser_refuses() {
    let template = Template::load();
    let length: usize = template.parameter("Roles", "MaxLength").parse().unwrap();
    assert_eq!(length, Roles::MAX_LENGTH);
    // The dialect has what CloudFormation's has and the pattern uses: a reference back, in what is looked at ahead.
    let pattern = template.parameter("Roles", "AllowedPattern");
    let schema = json!({ "type": "string", "pattern": pattern, "maxLength": length });
    let parameter = jsonschema::validator_for(&schema).unwrap();
    let agreed = |text: &str| {
        let good = text.parse::<Roles>().is_ok();
        assert_eq!(parameter.is_valid(&json!(text)), good, "{text:?}");
        good
    };

    let name = "n".repeat(64);
    let longest = format!("{name}={}", vec![name.as_str(); 14].join("+"));
    let full = format!("{longest}+{}", "f".repeat(1_024 - longest.len() - 1));
    assert_eq!(full.len(), 1_024);
    for good in [
        &template.parameter("Roles", "Default"),
        "a=b",
        "a=b+b",
        "a=a",
        "Admin=users:read,admin=users:read",
        "a=b,aa=b,ab=b",
        "a=b,b=a",
        "9=https://example.com/articles.read_all-1",
        &longest,
        &full,
    ] {
        assert!(agreed(good), "{good}");
    }
    for bad in [
        "",
        "admin",
        "admin=",
        "=users:read",
        "admin=users:read,",
        ",admin=users:read",
        "admin=users:read,,editor=a",
        "admin=users:read, editor=a",
        "admin=users:read ",
        "admin=users:read\n",
        "admin= users:read",
        "admin=users read",
        "admin=users:read+",
        "admin=+users:read",
        "admin=a++b",
        "admin=a=b",
        "a=b,a=b",
        "a=b,c=d,a=e",
        "c=d,a=b,e=f,a=b",
        "-a=b",
        "a=:b",
        "a\"=b",
        "a=b\\c",
        "\u{e4}=b",
        "a=b;c=d",
        &format!("{name}n=a"),
        &format!("a={name}n"),
        &format!("{full}f"),
        &format!("{full},b=c"),
    ] {
        assert!(!agreed(bad), "{bad}");
    }

    let mut texts = vec![String::new()];
    let mut good = 0;
    for _ in 0..7 {
        let longer = texts
            .iter()
            .flat_map(|text| ["a", ".", "=", "+", ","].map(|end| format!("{text}{end}")));
        texts = longer.collect();
        good += texts.iter().filter(|text| agreed(text)).count();
    }
    println!("of the texts of up to 7 of 5 characters, {good} are tables");
    assert!(good > 50);
}

/// Lambda takes no function with more.
#[test]
fn the_variables_of_a_function_fit_at_their_longest() {
    let template = Template::load();
    for function in template.functions() {
        let bytes = template.longest_environment(&function.name);
        println!("{}: {bytes} bytes", function.name);
        assert!(bytes < 4_096, "{}: {bytes} bytes", function.name);
    }
}

fn cargo_metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(workspace())
        .output()
        .expect("cargo runs this test, so it is there");
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}
