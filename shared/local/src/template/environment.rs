//! The variables of the functions.

use std::collections::BTreeMap;

use yaml_serde::Value;

use super::Template;
use super::values::{entries, substitute, text};

/// The name of a stack that is not deployed.
const STACK: &str = "local";

impl Template {
    /// The variables that every function has.
    #[must_use]
    pub fn globals(&self) -> BTreeMap<String, String> {
        self.variables(&self.document["Globals"]["Function"])
    }

    /// The variables of all functions together. A name means the same in each function that reads
    /// it.
    #[must_use]
    pub fn environment(&self) -> BTreeMap<String, String> {
        let mut all = self.globals();
        for function in self.functions() {
            for (name, value) in function.environment {
                let other = all.insert(name.clone(), value.clone());
                assert!(
                    other.is_none_or(|other| other == value),
                    "{name} differs from function to function"
                );
            }
        }
        all
    }

    pub(super) fn variables(&self, function: &Value) -> BTreeMap<String, String> {
        entries(&function["Environment"]["Variables"])
            .filter_map(|(name, value)| Some((name.to_owned(), self.resolve(self.present(value)?))))
            .collect()
    }

    /// A parameter becomes its default, and a resource its logical id.
    pub(super) fn resolve(&self, value: &Value) -> String {
        let Value::Tagged(tagged) = value else {
            return text(value);
        };
        if tagged.tag == "If" {
            return self.resolve(self.chosen(&tagged.value));
        }
        let name = text(&tagged.value);
        if tagged.tag == "Sub" {
            return substitute(&name);
        }
        if let Some(resource) = name.strip_suffix(".Arn").filter(|_| tagged.tag == "GetAtt") {
            return resource.to_owned();
        }
        assert!(
            tagged.tag == "Ref",
            "a variable is a plain value, a !Ref, !If, !Sub or the !GetAtt of an ARN, not {value:?}"
        );
        if name == "AWS::StackName" {
            return STACK.to_owned();
        }
        if let Some(parameter) = self.document["Parameters"].get(&name) {
            return text(&parameter["Default"]);
        }
        assert!(
            self.document["Resources"].get(&name).is_some(),
            "!Ref {name} names nothing"
        );
        name
    }
}
