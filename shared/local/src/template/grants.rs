//! The permissions of a function's own role.

use std::collections::BTreeSet;

use yaml_serde::Value;

use super::Template;
use super::values::{attribute_of, list, resource_of, text};

/// Pairs of an action and of what it is allowed on.
pub(super) type Grants = BTreeSet<(String, String)>;

/// The condition key with the partition keys of a request.
const LEADING_KEYS: &str = "dynamodb:LeadingKeys";

/// The calls that a function's own role allows.
#[derive(Default)]
pub(super) struct Allowed {
    pub(super) tables: Grants,
    pub(super) kms: Grants,
    pub(super) others: Grants,
}

impl Template {
    /// The permissions of a function's own role, at the outcome of each condition.
    pub(super) fn allowed(&self, id: &str, function: &Value) -> Allowed {
        let mut allowed = Allowed::default();
        for policy in list(self.policies(id, function)) {
            for statement in list(&policy["PolicyDocument"]["Statement"]) {
                if let Some(statement) = self.present(statement) {
                    allowed.add(statement);
                }
            }
        }
        allowed
    }

    /// The inline policies of a function's own role. SAM ignores policies of the function itself
    /// where it names a role.
    fn policies(&self, id: &str, function: &Value) -> &Value {
        let role = resource_of(&function["Role"]);
        assert_eq!(role, format!("{id}Role"), "each function has its own role");
        assert!(function.get("Policies").is_none(), "SAM ignores these");
        &self.document["Resources"][&role]["Properties"]["Policies"]
    }
}

impl Allowed {
    fn add(&mut self, statement: &Value) {
        assert_eq!(
            statement["Effect"].as_str(),
            Some("Allow"),
            "only what is allowed is read: {statement:?}"
        );
        for action in list(&statement["Action"]).into_iter().map(text) {
            if action.starts_with("kms:") {
                assert_eq!(resource_of(&statement["Resource"]), "RingKey");
                let condition = &statement["Condition"]["StringEquals"];
                for purpose in list(&condition["kms:EncryptionContext:purpose"]) {
                    self.kms.insert((action.clone(), text(purpose)));
                }
                continue;
            }
            for resource in list(&statement["Resource"]) {
                match attribute_of(resource) {
                    Some((table, "Arn")) if action.starts_with("dynamodb:") => {
                        let targets = targets(table, &statement["Condition"]);
                        let grants = targets.into_iter().map(|target| (action.clone(), target));
                        self.tables.extend(grants);
                    }
                    Some((owner, attribute)) => {
                        let target = format!("{owner}.{attribute}");
                        self.others.insert((action.clone(), target));
                    }
                    None => {
                        self.others.insert((action.clone(), named(resource)));
                    }
                }
            }
        }
    }
}

/// A table, or its items by the patterns of their keys, where a condition keeps to them.
///
/// The condition that all keys are like a pattern is met [where a request has none][set], so that
/// it stands beside the one that there is a key.
///
/// [set]: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
fn targets(table: &str, condition: &Value) -> Vec<String> {
    let patterns = list(&condition["ForAllValues:StringLike"][LEADING_KEYS]);
    let is_there = list(&condition["Null"][LEADING_KEYS]).into_iter().map(text);
    let is_there: Vec<_> = is_there.collect();
    if patterns.is_empty() && is_there.is_empty() {
        return vec![table.to_owned()];
    }
    assert!(
        !patterns.is_empty() && is_there == ["false"],
        "the keys of {table} are held by half: {condition:?}"
    );
    let patterns = patterns.into_iter().map(text);
    patterns
        .map(|pattern| format!("{table} {pattern}"))
        .collect()
}

/// The text of a resource that is written by its ARN.
fn named(resource: &Value) -> String {
    match resource {
        Value::Tagged(tagged) if tagged.tag == "Sub" => text(&tagged.value),
        Value::String(name) => name.clone(),
        _ => panic!("a resource is named by !GetAtt, !Sub or text and not {resource:?}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::Template;
    use crate::template::Function;

    /// A function with this text in the place of a part of its template.
    fn function(part: &str, other: &str) -> Function {
        let text = "Parameters:
  MailFrom:
    Default: a@example.com
Conditions:
  MailIsSent: !Not [!Equals [!Ref MailFrom, \"\"]]
Resources:
  MailsTable: {}
  F:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: f } }
    Properties:
      Role: !GetAtt FRole.Arn
      Environment:
        Variables:
          ALWAYS: !Ref MailsTable
          MAILS_TABLE: !If [MailIsSent, !Ref MailsTable, \"\"]
          SENDER: !If [MailIsSent, !Ref MailFrom, !Ref AWS::NoValue]
  FRole:
    Properties:
      Policies:
        - PolicyDocument:
            Statement:
              - Effect: Allow
                Action: dynamodb:GetItem
                Resource: !GetAtt UsersTable.Arn
              - !If
                - MailIsSent
                - Effect: Allow
                  Action: [dynamodb:GetItem, dynamodb:PutItem]
                  Resource: !GetAtt MailsTable.Arn
                  Condition:
                    ForAllValues:StringLike:
                      dynamodb:LeadingKeys: [reset#*, notice#*]
                    \"Null\":
                      dynamodb:LeadingKeys: \"false\"
                - !Ref AWS::NoValue
              - Effect: Allow
                Action: dynamodb:GetRecords
                Resource: !GetAtt MailsTable.StreamArn
              - Effect: Allow
                Action: ses:SendEmail
                Resource: !Sub arn:${AWS::Partition}:ses:*:*:identity/*
";
        assert!(text.contains(part), "{part}");
        let template = Template::parse(&text.replace(part, other));
        template.functions().remove(0)
    }

    fn policies(part: &str, other: &str) -> Vec<String> {
        let policies = function(part, other).policies.into_iter();
        policies
            .map(|(action, on)| format!("{action} {on}"))
            .collect()
    }

    #[test]
    fn a_statement_and_a_variable_are_there_where_their_condition_is_met() {
        assert_eq!(
            policies("", ""),
            [
                "dynamodb:GetItem MailsTable notice#*",
                "dynamodb:GetItem MailsTable reset#*",
                "dynamodb:GetItem UsersTable",
                "dynamodb:PutItem MailsTable notice#*",
                "dynamodb:PutItem MailsTable reset#*",
            ]
        );
        let without = ("Default: a@example.com", "Default: \"\"");
        assert_eq!(
            policies(without.0, without.1),
            ["dynamodb:GetItem UsersTable"]
        );
        let with = function("", "").environment;
        assert_eq!(with["SENDER"], "a@example.com");
        assert_eq!(with["MAILS_TABLE"], "MailsTable");
        let without = function(without.0, without.1).environment;
        assert_eq!(without.get("SENDER"), None);
        assert_eq!(without["MAILS_TABLE"], "");
        assert_eq!(without["ALWAYS"], "MailsTable");
    }

    #[test]
    fn what_is_no_table_and_no_key_stands_apart() {
        let others = function("", "").others.into_iter();
        let others: Vec<_> = others
            .map(|(action, on)| format!("{action} {on}"))
            .collect();
        assert_eq!(
            others,
            [
                "dynamodb:GetRecords MailsTable.StreamArn",
                "ses:SendEmail arn:${AWS::Partition}:ses:*:*:identity/*",
            ]
        );
    }

    #[test]
    #[should_panic(expected = "held by half")]
    fn keys_that_may_be_absent_are_refused() {
        let _ = function("dynamodb:LeadingKeys: \"false\"", "aws:Other: \"false\"");
    }

    #[test]
    #[should_panic(expected = "held by half")]
    fn keys_that_must_be_absent_are_refused() {
        let _ = function("\"false\"", "\"true\"");
    }

    #[test]
    #[should_panic(expected = "held by half")]
    fn keys_that_may_be_any_are_refused() {
        let _ = function("ForAllValues:StringLike", "ForAnyValue:StringLike");
    }
}
