//! The document about records that were given up, as [AWS shows
//! it](https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html). It names them by
//! their place in the stream and has nothing of their content.

use accounts::Timestamp;
use dynoxide::actions::get_records::Record;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::event::{number, written};
use crate::stream::Stream;

/// The document about records that are too old. AWS's page shows the condition of another case;
/// this one is reported from queues of real mappings.
pub(super) fn document(
    records: &[Record],
    stream: &Stream,
    function: &str,
    invocations: u32,
    now: Timestamp,
) -> Value {
    let (first, last) = (&records[0], &records[records.len() - 1]);
    json!({
        "requestContext": {
            "requestId": Uuid::new_v4(),
            "functionArn": format!("arn:aws:lambda:us-east-1:000000000000:function:{function}"),
            "condition": "RecordAgeExceeded",
            "approximateInvokeCount": invocations,
        },
        "version": "1.0",
        "timestamp": text(now),
        "DDBStreamBatchInfo": {
            "shardId": stream.shard(),
            "startSequenceNumber": number(first),
            "endSequenceNumber": number(last),
            "approximateArrivalOfFirstRecord": text(written(first)),
            "approximateArrivalOfLastRecord": text(written(last)),
            "batchSize": records.len(),
            "streamArn": stream.arn(),
        },
    })
}

fn text(time: Timestamp) -> Option<String> {
    let time = OffsetDateTime::from_unix_timestamp(i64::try_from(time).ok()?).ok()?;
    time.format(&Rfc3339).ok()
}
