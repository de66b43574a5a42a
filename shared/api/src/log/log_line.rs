//! The log line of a request: JSON to search, which is also the metrics, in CloudWatch's embedded
//! metric format.

use std::time::Duration;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use lambda_http::Context;
use serde_json::{Map, Value, json};

use super::account_event::Event;
use super::notes::Notes;

/// The namespace of the metrics.
const NAMESPACE: &str = "Latchkey";

/// The one dimension: a metric for each function as well would cost twelve times as much, and
/// Lambda's own metrics have durations and errors by function already.
const DIMENSION: &str = "Stack";

/// The members that are the same in all lines.
pub(crate) struct Origin {
    pub(crate) service: &'static str,
    pub(crate) stack: String,
}

/// The facts of a request, beside its notes.
#[derive(Clone, Debug, Default)]
pub(crate) struct LineFacts<'a> {
    pub(crate) message: String,
    pub(crate) method: Option<&'a str>,
    pub(crate) route: Option<&'a str>,
    pub(crate) status: u16,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) source_ip: Option<&'a str>,
    pub(crate) invocation: Option<&'a Context>,
    pub(crate) latency: Duration,
}

impl Origin {
    pub(crate) fn line(
        &self,
        facts: &LineFacts<'_>,
        notes: &Notes,
        now_in_ms: u64,
        cold: bool,
    ) -> Value {
        let timestamp = i64::try_from(now_in_ms).unwrap_or(i64::MAX);
        let timestamp = DateTime::from_millis(timestamp).fmt(Format::DateTime);
        let mut line = json!({
            "level": if facts.status >= 500 { "ERROR" } else { "INFO" },
            "timestamp": timestamp.unwrap_or_default(),
            "message": facts.message,
            "service": self.service,
            "status": facts.status,
            "cold_start": cold,
            "events": notes.events.iter().map(|event| event.name()).collect::<Vec<_>>(),
        });
        for (name, value) in texts(facts, notes) {
            if let Some(value) = value {
                line[name] = json!(value);
            }
        }
        let metrics = metrics(facts, notes, cold);
        let units = |(name, unit, _): &(&str, &str, f64)| json!({ "Name": name, "Unit": unit });
        line["_aws"] = json!({
            "Timestamp": now_in_ms,
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [[DIMENSION]],
                "Metrics": metrics.iter().map(units).collect::<Vec<_>>(),
            }],
        });
        line[DIMENSION] = json!(self.stack);
        let values = metrics
            .into_iter()
            .map(|(name, _, value)| (name.to_owned(), json!(value)));
        if let Value::Object(line) = &mut line {
            line.extend(values.collect::<Map<_, _>>());
        }
        line
    }
}

/// The members that not every request has.
fn texts<'a>(facts: &LineFacts<'a>, notes: &'a Notes) -> [(&'static str, Option<&'a str>); 10] {
    let invocation = facts.invocation;
    let id = invocation.map(|invocation| invocation.request_id.as_str());
    let trace = invocation.and_then(|invocation| invocation.xray_trace_id.as_deref());
    [
        ("method", facts.method),
        ("route", facts.route),
        ("request_id", facts.request_id),
        ("source_ip", facts.source_ip),
        ("function_request_id", id),
        ("xray_trace_id", trace),
        ("user_id", notes.user_id.as_deref()),
        ("session_id", notes.session_id.as_deref()),
        ("target_id", notes.target_id.as_deref()),
        ("reason", notes.reason.as_deref()),
    ]
}

/// Name, unit and value of each metric that this request counts for.
fn metrics(
    facts: &LineFacts<'_>,
    notes: &Notes,
    cold: bool,
) -> Vec<(&'static str, &'static str, f64)> {
    let mut metrics = vec![("Latency", "Milliseconds", facts.latency.as_secs_f64() * 1e3)];
    let mut counts: Vec<(&str, f64)> = Vec::new();
    let counted = notes.events.iter().copied().filter_map(Event::metric);
    let cold = cold.then_some("ColdStarts");
    let error = match facts.status {
        400..=499 => Some("ClientErrors"),
        500.. => Some("Faults"),
        _ => None,
    };
    for name in counted.chain(cold).chain(error) {
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1.0,
            None => counts.push((name, 1.0)),
        }
    }
    metrics.extend(
        counts
            .into_iter()
            .map(|(name, count)| (name, "Count", count)),
    );
    metrics
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin {
            service: "login",
            stack: "mine".to_owned(),
        }
    }

    #[test]
    fn a_line_is_the_log_and_the_metrics_at_once() {
        let facts = LineFacts {
            message: "POST /login 401".to_owned(),
            status: 401,
            request_id: Some("abc"),
            latency: Duration::from_micros(1500),
            ..LineFacts::default()
        };
        let notes = Notes {
            events: vec![Event::LoginFailed],
            ..Notes::default()
        };
        let line = origin().line(&facts, &notes, 1_795_460_645_123, true);
        let expected = json!({
            "level": "INFO",
            "timestamp": "2026-11-23T19:04:05.123Z",
            "message": "POST /login 401",
            "service": "login",
            "status": 401,
            "cold_start": true,
            "events": ["login.failed"],
            "request_id": "abc",
            "_aws": {
                "Timestamp": 1_795_460_645_123_u64,
                "CloudWatchMetrics": [{
                    "Namespace": "Latchkey",
                    "Dimensions": [["Stack"]],
                    "Metrics": [
                        { "Name": "Latency", "Unit": "Milliseconds" },
                        { "Name": "LoginFailures", "Unit": "Count" },
                        { "Name": "ColdStarts", "Unit": "Count" },
                        { "Name": "ClientErrors", "Unit": "Count" },
                    ],
                }],
            },
            "Stack": "mine",
            "Latency": 1.5,
            "LoginFailures": 1.0,
            "ColdStarts": 1.0,
            "ClientErrors": 1.0,
        });
        assert_eq!(line, expected);
    }

    #[test]
    fn what_happens_often_is_one_metric_that_says_how_often() {
        let notes = Notes {
            events: vec![Event::MailSent, Event::MailRefused, Event::MailSent],
            ..Notes::default()
        };
        let line = origin().line(&LineFacts::default(), &notes, 0, false);
        let metrics = line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array();
        let names = metrics.unwrap().iter().map(|metric| &metric["Name"]);
        let names: Vec<_> = names.collect();
        assert_eq!(names, ["Latency", "MailsSent", "MailsLost"]);
        assert_eq!(
            (&line["MailsSent"], &line["MailsLost"]),
            (&json!(2.0), &json!(1.0))
        );
    }

    #[test]
    fn what_somebody_sends_stays_in_its_string() {
        let facts = LineFacts {
            source_ip: Some("1\"\n{\"level\":\"ERROR\"}"),
            status: 503,
            ..LineFacts::default()
        };
        let line = origin()
            .line(&facts, &Notes::default(), 0, false)
            .to_string();
        assert_eq!(line.lines().count(), 1);
        assert!(line.contains("Faults"));
        assert!(!line.contains("ColdStarts"));
    }
}
