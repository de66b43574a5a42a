//! The stream of a table of the engine.

use dynoxide::Database;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::{GetRecordsRequest, Record};
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::list_streams::ListStreamsRequest;

use crate::Error;

/// A stream, which has one shard. The engine keeps every record for ever, where AWS keeps it for a
/// day. A copy is of the same stream.
#[derive(Clone)]
pub struct Stream {
    database: Database,
    arn: String,
    shard: String,
}

impl Stream {
    pub(crate) fn of(database: Database, table: &str) -> Result<Self, Error> {
        let request = ListStreamsRequest {
            table_name: Some(table.to_owned()),
            ..ListStreamsRequest::default()
        };
        let streams = database.list_streams(request)?.streams;
        let stream = streams.into_iter().next();
        let arn = stream
            .ok_or_else(|| format!("{table} has no stream"))?
            .stream_arn;
        let request = DescribeStreamRequest {
            stream_arn: arn.clone(),
            ..DescribeStreamRequest::default()
        };
        let described = database.describe_stream(request)?.stream_description;
        let shard = described.shards.into_iter().next();
        Ok(Self {
            shard: shard.ok_or("a stream has a shard")?.shard_id,
            arn,
            database,
        })
    }

    /// Its ARN, which another table of the same name does not have.
    #[must_use]
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// The id of its shard.
    #[must_use]
    pub fn shard(&self) -> &str {
        &self.shard
    }

    /// The oldest records behind a sequence number, or of all, and at most `limit`.
    ///
    /// # Errors
    ///
    /// Where no record can have that number.
    pub fn read(&self, after: Option<&str>, limit: usize) -> Result<Vec<Record>, Error> {
        let kind = match after {
            None => "TRIM_HORIZON",
            Some(_) => "AFTER_SEQUENCE_NUMBER",
        };
        let request = GetShardIteratorRequest {
            stream_arn: self.arn.clone(),
            shard_id: self.shard.clone(),
            shard_iterator_type: kind.to_owned(),
            sequence_number: after.map(str::to_owned),
        };
        let iterator = self.database.get_shard_iterator(request)?.shard_iterator;
        let request = GetRecordsRequest {
            shard_iterator: iterator.ok_or("a shard has an iterator")?,
            limit: Some(limit),
        };
        Ok(self.database.get_records(request)?.records)
    }
}
