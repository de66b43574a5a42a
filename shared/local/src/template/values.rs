//! Reading the template's YAML.

use std::collections::BTreeSet;

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

/// The statements of a role's inline policies.
fn statements(policies: &Value) -> impl Iterator<Item = &Value> {
    let statements = list(policies).into_iter();
    let statements = statements.flat_map(|policy| list(&policy["PolicyDocument"]["Statement"]));
    statements.inspect(|statement| {
        assert_eq!(
            statement["Effect"].as_str(),
            Some("Allow"),
            "only what is allowed is read: {statement:?}"
        );
    })
}

fn is_of_kms(action: &Value) -> bool {
    text(action).starts_with("kms:")
}

/// The pairs of a KMS action and the purpose of keys that a role's inline policies allow it for.
pub(super) fn kms_grants(policies: &Value) -> BTreeSet<(String, String)> {
    let mut grants = BTreeSet::new();
    for statement in statements(policies) {
        let actions = list(&statement["Action"]).into_iter();
        for action in actions.filter(|action| is_of_kms(action)) {
            assert_eq!(resource_of(&statement["Resource"]), "RingKey");
            let purposes = &statement["Condition"]["StringEquals"]["kms:EncryptionContext:purpose"];
            for purpose in list(purposes) {
                grants.insert((text(action), text(purpose)));
            }
        }
    }
    grants
}

/// The pairs of action and table that a role's inline policies allow.
pub(super) fn grants(policies: &Value) -> BTreeSet<(String, String)> {
    let mut grants = BTreeSet::new();
    for statement in statements(policies) {
        let actions = list(&statement["Action"]).into_iter();
        for action in actions.filter(|action| !is_of_kms(action)) {
            for resource in list(&statement["Resource"]) {
                grants.insert((text(action), resource_of(resource)));
            }
        }
    }
    grants
}

/// The logical id in `!GetAtt SomeResource.Arn`.
pub(super) fn resource_of(resource: &Value) -> String {
    let Value::Tagged(tagged) = resource else {
        panic!("a resource is named by !GetAtt and not {resource:?}");
    };
    let attribute = text(&tagged.value);
    match attribute.strip_suffix(".Arn") {
        Some(table) if tagged.tag == "GetAtt" => table.to_owned(),
        _ => panic!("a resource is named by !GetAtt ID.Arn and not {resource:?}"),
    }
}
