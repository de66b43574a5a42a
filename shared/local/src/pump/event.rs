//! The event of a batch.

use std::time::Duration;

use accounts::Timestamp;
use dynoxide::actions::get_records::Record;
use serde_json::{Value, json};

use crate::Error;

/// The event that [AWS shows](https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html): the
/// records as the stream has them, each with the ARN of its stream.
pub(super) fn of(records: &[Record], stream: &str) -> Result<Value, Error> {
    let mut records = serde_json::to_value(records)?;
    for record in records.as_array_mut().into_iter().flatten() {
        record["eventSourceARN"] = json!(stream);
    }
    Ok(json!({ "Records": records }))
}

/// The sequence number of a record.
pub(super) fn number(record: &Record) -> &str {
    &record.dynamodb.sequence_number
}

/// The time at which a record was written, in seconds since 1970.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the engine counts whole seconds"
)]
pub(super) fn written(record: &Record) -> Timestamp {
    record.dynamodb.approximate_creation_date_time as Timestamp
}

/// The number of records at the front that are [older than a mapping
/// allows](https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html).
pub(super) fn too_old(records: &[Record], most: Duration, now: Timestamp) -> usize {
    let is_old = |record: &&Record| now.saturating_sub(written(record)) > most.as_secs();
    records.iter().take_while(is_old).count()
}
