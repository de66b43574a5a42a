//! The event files of this repository.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::workspace;

/// An event of the folder `events`.
///
/// # Panics
///
/// Where there is no such event.
pub fn event(name: &str) -> Value {
    let file = workspace().join("events").join(format!("{name}.json"));
    let event = std::fs::read_to_string(file);
    let event = event.unwrap_or_else(|error| panic!("events/{name}.json: {error}"));
    serde_json::from_str(&event).expect("an event is JSON")
}

/// Every event of the folder, by its name.
///
/// # Panics
///
/// Where the folder has a file that is no event.
#[must_use]
pub fn events() -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(workspace().join("events")).expect("the folder of the events");
    let names = files.map(|file| {
        let name = file.expect("a file").file_name();
        let name = name.to_str().and_then(|name| name.strip_suffix(".json"));
        name.expect("the name of an event").to_owned()
    });
    names.map(|name| (name.clone(), event(&name))).collect()
}
