//! The answer of a function to a batch, by [AWS's rules for partial
//! failures](https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html).

use serde_json::Value;

/// The number of records at the front of a batch that are done, by the answer to it. The batch is
/// given by its sequence numbers.
///
/// AWS's page does not say how an answer counts that is neither an object nor null, nor one that
/// names a record of another batch. Here both fail the whole batch: no record is lost by them.
pub(super) fn done(answer: &Value, batch: &[&str]) -> usize {
    let failures = match answer {
        Value::Null => &Value::Null,
        Value::Object(answer) => answer.get("batchItemFailures").unwrap_or(&Value::Null),
        _ => return 0,
    };
    let failures = match failures {
        Value::Null => return batch.len(),
        Value::Array(failures) => failures,
        _ => return 0,
    };
    let places = failures.iter().map(|failure| {
        let named = failure["itemIdentifier"].as_str();
        batch.iter().position(|number| Some(*number) == named)
    });
    // The lowest, and none at all where one of them is not to be found.
    places.fold(batch.len(), |lowest, place| lowest.min(place.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::done;

    const BATCH: [&str; 3] = ["101", "102", "103"];

    #[test]
    fn an_answer_without_failures_is_a_complete_success() {
        for answer in [
            json!({ "batchItemFailures": [] }),
            json!({ "batchItemFailures": null }),
            json!({}),
            json!(null),
        ] {
            assert_eq!(done(&answer, &BATCH), 3, "{answer}");
        }
    }

    #[test]
    fn an_item_without_a_name_is_a_complete_failure() {
        for item in [
            json!({ "itemIdentifier": "" }),
            json!({ "itemIdentifier": null }),
            json!({ "identifier": "103" }),
        ] {
            let answer = json!({ "batchItemFailures": [{ "itemIdentifier": "102" }, item] });
            assert_eq!(done(&answer, &BATCH), 0, "{answer}");
        }
    }

    #[test]
    fn what_is_no_answer_or_names_another_batch_is_a_complete_failure() {
        for answer in [
            json!("done"),
            json!([]),
            json!({ "batchItemFailures": "103" }),
            json!({ "batchItemFailures": [{ "itemIdentifier": "104" }] }),
        ] {
            assert_eq!(done(&answer, &BATCH), 0, "{answer}");
        }
    }

    #[test]
    fn the_lowest_item_that_failed_counts() {
        for (named, expected) in [
            (vec!["103"], 2),
            (vec!["103", "102"], 1),
            (vec!["102", "103"], 1),
            (vec!["101"], 0),
        ] {
            let named = named.iter().map(|name| json!({ "itemIdentifier": name }));
            let answer = json!({ "batchItemFailures": named.collect::<Vec<_>>() });
            assert_eq!(done(&answer, &BATCH), expected, "{answer}");
        }
    }
}
