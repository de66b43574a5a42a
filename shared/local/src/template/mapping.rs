//! A mapping from the stream of a table to a function.

use std::time::Duration;

use yaml_serde::Value;

use super::values::{attribute_of, list, text};

/// An event source mapping of a DynamoDB stream.
///
/// Every mapping of this repository begins at `TRIM_HORIZON`, retries without an end
/// (`MaximumRetryAttempts: -1`) and lets its function name the records that failed
/// (`ReportBatchItemFailures`). Its filter is not read: a function that stands behind a filter
/// must ignore by itself what the filter leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The name of the function, as in [`Function::name`](super::Function::name).
    pub function: String,
    /// The logical id of the table.
    pub table: String,
    /// The most records that the function gets at a time.
    pub batch_size: usize,
    /// The age above which a record is discarded.
    pub maximum_record_age: Duration,
    /// The time that the function has for a batch.
    pub timeout: Duration,
}

impl Mapping {
    pub(super) fn read(function: String, timeout: &Value, event: &Value) -> Self {
        let number = |member: &str| event[member].as_i64();
        let natural = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
        assert_eq!(text(&event["StartingPosition"]), "TRIM_HORIZON");
        assert_eq!(number("MaximumRetryAttempts"), Some(-1));
        let responses = list(&event["FunctionResponseTypes"]).into_iter();
        let responses: Vec<_> = responses.map(text).collect();
        assert_eq!(responses, ["ReportBatchItemFailures"]);
        let size = natural(number("BatchSize")).expect("a mapping has a BatchSize");
        let age = natural(number("MaximumRecordAgeInSeconds"));
        let timeout = timeout.as_u64().expect("a function has a Timeout");
        Self {
            function,
            table: table(&event["Stream"]),
            batch_size: usize::try_from(size).expect("a BatchSize is small"),
            maximum_record_age: Duration::from_secs(age.expect("a mapping has an age")),
            timeout: Duration::from_secs(timeout),
        }
    }
}

/// The logical id in `!GetAtt SomeTable.StreamArn`.
fn table(stream: &Value) -> String {
    match attribute_of(stream) {
        Some((table, "StreamArn")) => table.to_owned(),
        _ => panic!("a stream is named by !GetAtt TABLE.StreamArn and not {stream:?}"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Mapping;
    use crate::Template;

    /// A function behind a stream, with this text in the place of a part of its mapping.
    fn template(part: &str, other: &str) -> Template {
        Template::parse(
            &"Globals:
  Function:
    Timeout: 10
Resources:
  Function:
    Type: AWS::Serverless::Function
    Metadata:
      BuildProperties:
        Binary: f
    Properties:
      Events:
        Stream:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt MailsTable.StreamArn
            StartingPosition: TRIM_HORIZON
            BatchSize: 10
            MaximumRetryAttempts: -1
            MaximumRecordAgeInSeconds: 43200
            FunctionResponseTypes: [ReportBatchItemFailures]
"
            .replace(part, other),
        )
    }

    #[test]
    fn a_mapping_is_read_from_the_template() {
        let expected = Mapping {
            function: "f".to_owned(),
            table: "MailsTable".to_owned(),
            batch_size: 10,
            maximum_record_age: Duration::from_secs(43_200),
            timeout: Duration::from_secs(10),
        };
        assert_eq!(template("", "").mappings(), [expected]);
    }

    #[test]
    fn a_function_s_own_timeout_wins() {
        let own = template("      Events:", "      Timeout: 60\n      Events:");
        assert_eq!(own.mappings()[0].timeout, Duration::from_secs(60));
    }

    #[test]
    #[should_panic(expected = "TRIM_HORIZON")]
    fn a_mapping_that_begins_elsewhere_is_refused() {
        let _ = template("TRIM_HORIZON", "LATEST").mappings();
    }

    #[test]
    #[should_panic(expected = "Some(-1)")]
    fn a_mapping_that_gives_up_is_refused() {
        let _ = template("Attempts: -1", "Attempts: 3").mappings();
    }

    #[test]
    #[should_panic(expected = "ReportBatchItemFailures")]
    fn a_mapping_without_partial_failures_is_refused() {
        let _ = template("[ReportBatchItemFailures]", "[]").mappings();
    }
}
