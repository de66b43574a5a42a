//! The records of the stream, as Lambda hands them over.

use accounts::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// A batch of records, in the order of the stream. It has no `Debug`: its rows have addresses.
#[derive(Deserialize)]
pub struct Batch {
    #[serde(rename = "Records")]
    pub(super) records: Vec<Record>,
}

/// A change of a row, of which the new state is known. Members that are not used are left out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    event_name: String,
    dynamodb: Change,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    /// Seconds since the Unix epoch, with a fraction or without.
    approximate_creation_date_time: f64,
    sequence_number: String,
    /// Missing where the row was deleted.
    #[serde(default)]
    new_image: Value,
}

impl Record {
    /// The record's place in the stream.
    pub(super) fn sequence_number(&self) -> &str {
        &self.dynamodb.sequence_number
    }

    /// The time of the change.
    pub(super) fn created_at(&self) -> Timestamp {
        // A cast saturates, and makes zero of what is no number.
        self.dynamodb.approximate_creation_date_time as Timestamp
    }

    /// The row, in DynamoDB's JSON.
    pub(super) fn image(&self) -> String {
        self.dynamodb.new_image.to_string()
    }

    /// Returns whether it is a new row that has a recipient and is worth a letter still. A guess and
    /// a spending change such a row, and the end of its life removes it.
    pub(super) fn orders_a_letter(&self, now: Timestamp) -> bool {
        let image = &self.dynamodb.new_image;
        let end = image["expires_at"]["N"].as_str();
        let end = end.and_then(|end| end.parse::<Timestamp>().ok());
        let is_over = end.is_some_and(|end| end <= now);
        self.event_name == "INSERT" && image["to"]["S"].is_string() && !is_over
    }
}
