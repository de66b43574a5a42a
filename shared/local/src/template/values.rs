//! Reading the template's YAML.

use yaml_serde::Value;

/// The members of a mapping; none, where there is no such mapping.
pub(super) fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let mapping = value.as_mapping().into_iter().flatten();
    mapping.map(|(key, value)| (key.as_str().expect("keys of the template are text"), value))
}

/// The elements of a sequence; a single value stands for a sequence of one, as in IAM.
pub(super) fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Sequence(values) => values.iter().collect(),
        single => vec![single],
    }
}

/// A plain value as text, as Lambda hands it to a function.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        other => panic!("the template has {other:?} where a plain value belongs"),
    }
}

/// The text of a `!Sub`, with what a deployment might put in it.
pub(super) fn substitute(text: &str) -> String {
    let filled = text
        .replace("${Api}", "abc123")
        .replace("${AWS::Region}", "eu-west-1")
        .replace("${AWS::URLSuffix}", "amazonaws.com");
    assert!(!filled.contains("${"), "nothing is known of {filled}");
    filled
}

/// The logical id in `!GetAtt SomeResource.Arn`.
pub(super) fn resource_of(resource: &Value) -> String {
    match attribute_of(resource) {
        Some((owner, "Arn")) => owner.to_owned(),
        _ => panic!("a resource is named by !GetAtt ID.Arn and not {resource:?}"),
    }
}

/// The logical id and the attribute of a `!GetAtt`; `None` where it is something else.
pub(super) fn attribute_of(value: &Value) -> Option<(&str, &str)> {
    match value {
        Value::Tagged(tagged) if tagged.tag == "GetAtt" => tagged.value.as_str()?.split_once('.'),
        _ => None,
    }
}
