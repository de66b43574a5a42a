//! The documents say what template.yaml, openapi.json and the code say.

mod architecture;
mod links;

use std::collections::BTreeSet;

use local::{Template, workspace};
use testing::openapi;

/// The README is a door, not a manual.
const README_LINES: usize = 150;
/// In characters.
const README_WIDTH: usize = 120;

fn document(path: &str) -> String {
    let file = workspace().join(path);
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_readme_is_short() {
    let readme = document("README.md");
    assert!(
        readme.lines().count() <= README_LINES,
        "{}",
        readme.lines().count()
    );
    for line in readme.lines() {
        assert!(line.chars().count() <= README_WIDTH, "{line}");
    }
}

#[test]
fn the_readme_leads_to_every_page_of_the_docs() {
    let readme = document("README.md");
    for file in links::documents() {
        if file.starts_with("docs") {
            let link = format!("]({})", file.display());
            assert!(readme.contains(&link), "{link}");
        }
    }
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let rows: Vec<_> = document("docs/routes.md")
        .lines()
        .skip_while(|line| !line.starts_with("| Route | Who |"))
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(cell, _)| cell.to_owned())
        .collect();
    let operations: Vec<_> = openapi::operations().into_keys().collect();
    assert_eq!(
        rows.iter().collect::<BTreeSet<_>>(),
        operations.iter().collect()
    );
    assert_eq!(rows.len(), operations.len(), "a row twice");
}

/// The cells of a parameter: its name, its variable, its default and its allowed values.
fn parameter_row(name: &str) -> Vec<String> {
    let configuration = document("docs/configuration.md");
    let mut lines = configuration.lines();
    let row = lines.find(|line| line.starts_with(&format!("| `{name}` |")));
    let row = row.unwrap_or_else(|| panic!("{name} is not in the table"));
    let cells = row.trim_matches('|').split('|');
    cells.map(|cell| cell.trim().to_owned()).collect()
}

#[test]
fn every_parameter_and_its_default_are_in_the_table() {
    let parameters = Template::load().parameters();
    assert!(parameters.len() >= 11);
    for (name, default) in parameters {
        let cell = &parameter_row(&name)[2];
        let shown = if default.is_empty() {
            "empty".to_owned()
        } else {
            format!("`{default}`")
        };
        assert!(
            cell.starts_with(&shown),
            "{name}: {cell} in the table, {shown} in the template"
        );
    }
}

#[test]
fn the_table_has_the_limits_of_every_parameter() {
    let template = Template::load();
    let mut lengths = 0;
    for name in template.parameters().into_keys() {
        let allowed = &parameter_row(&name)[3];
        let limit = |member| template.parameter(&name, member);
        if let (Some(least), Some(most)) = (limit("MinValue"), limit("MaxValue")) {
            let range = format!("{least} to {most} ");
            assert!(format!("{allowed} ").starts_with(&range), "{name}: {range}");
        }
        for unit in [
            " characters at most",
            " characters in all",
            " bytes at most",
        ] {
            if let Some((before, _)) = allowed.split_once(unit) {
                let shown = before.rsplit(' ').next().map(str::to_owned);
                assert_eq!(shown, limit("MaxLength"), "{name}: {allowed}");
                lengths += 1;
            }
        }
    }
    assert!(lengths >= 5, "{lengths}");
}

#[test]
fn each_group_of_parameters_is_a_section() {
    let configuration = document("docs/configuration.md");
    let groups = Template::load().parameter_groups();
    let grouped: usize = groups.iter().map(|(_, names)| names.len()).sum();
    assert_eq!(grouped, Template::load().parameters().len());
    for (label, names) in groups {
        let rows: Vec<_> = configuration
            .lines()
            .skip_while(|line| *line != format!("## {label}"))
            .skip(1)
            .take_while(|line| !line.starts_with("## "))
            .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0))
            .collect();
        assert_eq!(rows, names, "{label}");
    }
}

#[test]
fn the_guide_to_mail_has_a_row_for_each_of_its_parameters() {
    let guide = document("docs/mail.md");
    let groups = Template::load().parameter_groups();
    let (_, names) = groups.iter().find(|(label, _)| label == "Mail").unwrap();
    assert!(names.len() >= 2);
    for name in names {
        assert!(guide.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn the_guide_to_mail_names_each_of_its_alarms_and_events() {
    let guide = document("docs/mail.md");
    let mut alarms = Template::load().alarms();
    alarms.extend(Template::operations().alarms());
    let alarms = alarms.into_iter().filter(|name| name.starts_with("Mail"));
    let events = api::Event::ALL.into_iter().map(api::Event::name);
    let failures = events.filter(|name| name.starts_with("mail.") && *name != "mail.sent");
    let names: Vec<_> = alarms.chain(failures.map(ToOwned::to_owned)).collect();
    assert!(names.len() >= 8, "{names:?}");
    for name in names {
        assert!(guide.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn every_variable_of_a_parameter_is_in_the_table() {
    let configuration = document("docs/configuration.md");
    for name in Template::with_mail().environment().into_keys() {
        let of_a_table = name.ends_with("_TABLE");
        assert!(
            of_a_table || configuration.contains(&format!("| `{name}` |")),
            "{name}"
        );
    }
}

#[test]
fn every_event_of_the_log_has_a_row() {
    let guide = document("docs/operating.md");
    for event in api::Event::ALL {
        let name = event.name();
        assert!(guide.contains(&format!("| `{name}` |")), "{name}");
        if let Some(metric) = event.metric() {
            assert!(guide.contains(&format!("`{metric}`")), "{metric}");
        }
    }
}

#[test]
fn the_guide_quotes_the_reason_of_a_late_answer() {
    let guide = document("docs/operating.md");
    let reason = format!("\"{}\"", api::Late);
    assert!(guide.contains(&reason), "{reason}");
}

#[test]
fn the_guide_has_a_row_for_each_alarm() {
    let guide = document("docs/operating.md");
    let mut alarms = Template::load().alarms();
    alarms.extend(Template::operations().alarms());
    assert!(alarms.len() >= 9);
    for alarm in alarms {
        assert!(guide.contains(&format!("| `{alarm}` |")), "{alarm}");
    }
}
