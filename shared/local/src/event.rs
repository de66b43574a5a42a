//! The event files of this repository.

use serde_json::Value;

use crate::workspace;

/// An event of the folder `events`.
///
/// # Panics
///
/// Where there is no such event.
pub fn event(name: &str) -> Value {
    let file = workspace().join("events").join(format!("{name}.json"));
    let event = std::fs::read_to_string(file).expect("an event's file");
    serde_json::from_str(&event).expect("an event is JSON")
}
