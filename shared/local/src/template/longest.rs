//! The greatest length of a function's variables.

use yaml_serde::Value;

use super::Template;
use super::values::{entries, list, text};

/// The most characters of the name of a stack, by CloudFormation.
const STACK_NAME: usize = 128;
/// The characters that CloudFormation adds to the names of stack and resource for the name of a
/// table.
const SUFFIX: usize = "--ABCDEFGHIJKLM".len();
/// More than an ARN of a KMS key, or the URL of an API, has in any partition and Region.
const ARN_OR_URL: usize = 160;

impl Template {
    /// The longest that all variables of a function can be together, in bytes: names and values, as
    /// the JSON object in which Lambda keeps them. They may be 4,096.
    ///
    /// # Panics
    ///
    /// Where there is no such function, or a parameter that it has says nothing of how long it may
    /// be.
    #[must_use]
    pub fn longest_environment(&self, function: &str) -> usize {
        let mut functions = self.resources("AWS::Serverless::Function");
        let (_, properties) = functions
            .find(|(id, _)| self.binary(id) == function)
            .expect("the template has the function");
        let globals = &self.document["Globals"]["Function"];
        let variables = [globals, properties].map(|of| &of["Environment"]["Variables"]);
        let variables = variables.into_iter().flat_map(entries);
        let longest =
            |(name, value): (&str, &Value)| r#""":"","#.len() + name.len() + self.longest(value);
        "{}".len() + variables.map(longest).sum::<usize>()
    }

    fn longest(&self, value: &Value) -> usize {
        let Value::Tagged(tagged) = value else {
            return text(value).len();
        };
        if tagged.tag == "If" {
            let branches = [1, 2].map(|branch| self.longest(&tagged.value[branch]));
            return branches.into_iter().max().unwrap_or_default();
        }
        let name = text(&tagged.value);
        if tagged.tag == "Sub" {
            let parameters = entries(&self.document["Parameters"])
                .filter(|(parameter, _)| name.contains(&format!("${{{parameter}}}")));
            let longest = parameters.map(|(name, parameter)| longest_of(name, parameter));
            return ARN_OR_URL.max(name.len() + longest.sum::<usize>());
        }
        if tagged.tag != "Ref" {
            return ARN_OR_URL;
        }
        match name.as_str() {
            "AWS::StackName" => return STACK_NAME,
            "AWS::NoValue" => return 0,
            _ => {}
        }
        match self.document["Parameters"].get(&name) {
            Some(parameter) => longest_of(&name, parameter),
            None => STACK_NAME + name.len() + SUFFIX,
        }
    }
}

fn longest_of(name: &str, parameter: &Value) -> usize {
    let member = |member| parameter.get(member).map(text);
    let words = list(&parameter["AllowedValues"]).into_iter();
    let bound = match member("Type").as_deref() {
        Some("Number") => member("MaxValue").map(|number| number.len()),
        Some("String") => member("MaxLength").map(|length| length.parse().expect("a number")),
        _ => None,
    };
    words
        .map(|word| text(word).len())
        .max()
        .or(bound)
        .unwrap_or_else(|| panic!("{name} reaches a function and may be of any length"))
}
