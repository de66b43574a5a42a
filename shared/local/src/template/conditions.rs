//! The conditions of the template, with every parameter at its default.

use yaml_serde::Value;

use super::Template;
use super::values::text;

impl Template {
    /// The value of an `!If`: that of its condition's outcome.
    pub(super) fn chosen<'a>(&self, branches: &'a Value) -> &'a Value {
        let condition = &self.document["Conditions"][text(&branches[0])];
        &branches[if self.holds(condition) { 1 } else { 2 }]
    }

    /// A value, at the outcome of the conditions that choose it; `None` where that is `AWS::NoValue`.
    pub(super) fn present<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        match value {
            Value::Tagged(tagged) if tagged.tag == "If" => self.present(self.chosen(&tagged.value)),
            Value::Tagged(tagged) if tagged.tag == "Ref" && tagged.value == "AWS::NoValue" => None,
            _ => Some(value),
        }
    }

    /// Whether the condition of a resource is met, if it has one.
    pub(super) fn is_made(&self, resource: &Value) -> bool {
        let condition = resource.get("Condition").map(text);
        condition.is_none_or(|name| self.holds(&self.document["Conditions"][name]))
    }

    fn holds(&self, condition: &Value) -> bool {
        let Value::Tagged(tagged) = condition else {
            panic!("a condition is a function, not {condition:?}");
        };
        let operands = &tagged.value;
        let all = || operands.as_sequence().expect("a list of conditions").iter();
        match tagged.tag.to_string().trim_start_matches('!') {
            "Not" => !self.holds(&operands[0]),
            "Equals" => self.resolve(&operands[0]) == self.resolve(&operands[1]),
            "And" => all().all(|one| self.holds(one)),
            "Or" => all().any(|one| self.holds(one)),
            "Condition" => self.holds(&self.document["Conditions"][text(operands)]),
            _ => panic!("nothing is known of {condition:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(given: &str) -> String {
        let template = Template::parse(&format!(
            "Parameters:
  Given:
    Default: \"{given}\"
  Other:
    Default: \"\"
Conditions:
  IsGiven: !Not [!Equals [!Ref Given, \"\"]]
  OtherIsGiven: !Not [!Equals [!Ref Other, \"\"]]
  BothAreGiven: !And [!Condition IsGiven, !Condition OtherIsGiven]
  OneIsGiven: !Or [!Condition IsGiven, !Condition OtherIsGiven]
Globals:
  Function:
    Environment:
      Variables:
        NAME: !If [BothAreGiven, both, !If [OneIsGiven, !Ref Given, none]]
Resources: {{}}
"
        ));
        template.globals()["NAME"].clone()
    }

    #[test]
    fn a_table_is_made_where_its_condition_is_met() {
        let template = Template::parse(
            "Parameters:
  Given:
    Default: \"\"
Conditions:
  IsGiven: !Not [!Equals [!Ref Given, \"\"]]
Resources:
  Always:
    Type: AWS::DynamoDB::Table
    Properties: { BillingMode: PAY_PER_REQUEST }
  Sometimes:
    Type: AWS::DynamoDB::Table
    Condition: IsGiven
    Properties: { BillingMode: PAY_PER_REQUEST }
",
        );
        let names = |template: &Template| -> Vec<_> {
            let tables = template.tables().into_iter();
            tables.map(|table| table.name).collect()
        };
        assert_eq!(names(&template), ["Always"]);
        let template = template.with("Given", "this");
        assert_eq!(names(&template), ["Always", "Sometimes"]);
    }

    #[test]
    fn a_variable_is_that_of_the_condition_at_the_defaults() {
        assert_eq!(variable("this"), "this");
        assert_eq!(variable(""), "none");
    }
}
