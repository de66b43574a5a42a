//! README.md says what template.yaml and openapi.json say.

use std::collections::BTreeSet;

use local::{Template, workspace};
use testing::openapi;

fn readme() -> String {
    std::fs::read_to_string(workspace().join("README.md")).expect("README.md")
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let rows: BTreeSet<_> = readme()
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(cell, _)| cell.to_owned())
        .filter(|cell| cell.contains(" /"))
        .collect();
    assert_eq!(rows, openapi::operations().into_keys().collect());
}

#[test]
fn every_parameter_and_its_default_are_in_the_table() {
    let readme = readme();
    let parameters = Template::load().parameters();
    assert!(parameters.len() >= 11);
    for (name, default) in parameters {
        let row = readme
            .lines()
            .find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("{name} is not in the README"));
        let cell = row.split('|').nth(3).expect("four columns").trim();
        let shown = if default.is_empty() {
            "empty".to_owned()
        } else {
            format!("`{default}`")
        };
        assert!(
            cell.starts_with(&shown),
            "{name}: {cell} in the README, {shown} in the template"
        );
    }
}

#[test]
fn every_variable_of_a_parameter_is_in_the_table() {
    let readme = readme();
    for name in Template::load().environment().into_keys() {
        let of_a_table = name.ends_with("_TABLE");
        assert!(
            of_a_table || readme.contains(&format!("| `{name}` |")),
            "{name}"
        );
    }
}

#[test]
fn every_event_of_the_log_has_a_row() {
    let readme = readme();
    for event in api::Event::ALL {
        let name = event.name();
        assert!(readme.contains(&format!("| `{name}` |")), "{name}");
        if let Some(metric) = event.metric() {
            assert!(readme.contains(&format!("`{metric}`")), "{metric}");
        }
    }
}

#[test]
fn the_guide_has_a_row_for_each_alarm() {
    let guide = std::fs::read_to_string(workspace().join("docs/operating.md")).unwrap();
    let alarms = Template::load().alarms();
    assert!(alarms.len() >= 9);
    for alarm in alarms {
        assert!(guide.contains(&format!("| `{alarm}` |")), "{alarm}");
    }
}
