//! The resources that outlive a stack, in a template of their own: a new stack imports them by it under the same logical ids, and the
//! full template then updates that stack.

use std::collections::BTreeSet;

use super::blocks::{Block, find, sections};
use crate::Error;

const HEADER: &str = "\
AWSTemplateFormatVersion: \"2010-09-09\"
Description: Latchkey - the tables and the key that outlive a stack, to be imported into a new one.
";

/// Makes the template of what is retained.
///
/// # Errors
///
/// Where something that is retained refers to something that is not.
pub(super) fn template(source: &str) -> Result<String, Error> {
    let lines: Vec<_> = source.lines().collect();
    let sections = sections(&lines);
    let members = |section: &str| {
        let section = find(&sections, section);
        section.map_or_else(|_| Vec::new(), |section| section.children(&lines))
    };
    let resources: Vec<_> = members("Resources")
        .into_iter()
        .filter(|resource| is_retained(resource, &lines))
        .collect();
    let mut wanted = Wanted::default();
    for resource in &resources {
        wanted.read(&resource.text(&lines));
    }
    let named: BTreeSet<_> = resources.iter().map(|resource| resource.key).collect();
    let (conditions, parameters) = (members("Conditions"), members("Parameters"));
    let conditions = wanted.take(&conditions, &lines);
    let parameters = wanted.take(&parameters, &lines);
    if let Some(missing) = wanted
        .names
        .iter()
        .find(|name| !named.contains(name.as_str()))
    {
        return Err(format!("what is retained refers to {missing}, which is not").into());
    }
    let mut text = HEADER.to_owned();
    for (section, blocks) in [
        ("Parameters", parameters),
        ("Conditions", conditions),
        (
            "Resources",
            resources.iter().map(|block| block.text(&lines)).collect(),
        ),
    ] {
        if !blocks.is_empty() {
            text += &format!("\n{section}:\n{}\n", blocks.join("\n\n"));
        }
    }
    // An import needs a policy, and takes none that depends on how the resource came into the stack.
    Ok(text.replace("RetainExceptOnCreate", "Retain"))
}

fn is_retained(resource: &Block, lines: &[&str]) -> bool {
    let policy = resource.child(lines, "DeletionPolicy");
    policy.is_some_and(|policy| policy.value(lines).starts_with("Retain"))
}

/// The parameters, conditions and resources that are named and not yet there.
#[derive(Default)]
struct Wanted {
    names: BTreeSet<String>,
}

impl Wanted {
    fn read(&mut self, text: &str) {
        let before = [
            "!Ref ",
            "!GetAtt ",
            "!Condition ",
            "!If [",
            "!If\n",
            "Condition: ",
            "${",
        ];
        for before in before {
            for (at, _) in text.match_indices(before) {
                let rest = text[at + before.len()..].trim_start_matches([' ', '-']);
                let end =
                    rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != ':');
                let name = &rest[..end.unwrap_or(rest.len())];
                if !name.is_empty() && !name.contains(':') {
                    self.names.insert(name.to_owned());
                }
            }
        }
    }

    /// The text of those blocks that are named, and of what these name in turn.
    fn take(&mut self, blocks: &[Block], lines: &[&str]) -> Vec<String> {
        let mut taken = BTreeSet::new();
        while let Some(index) = blocks.iter().position(|block| self.names.remove(block.key)) {
            if taken.insert(index) {
                self.read(&blocks[index].text(lines));
            }
        }
        taken
            .into_iter()
            .map(|index| blocks[index].text(lines))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use local::workspace;
    use yaml_serde::Value;

    use super::*;

    #[test]
    fn what_outlives_the_stack_is_there_as_it_is_and_nothing_else() {
        let source = std::fs::read_to_string(workspace().join("template.yaml")).unwrap();
        let text = template(&source).unwrap();
        let whole: Value = yaml_serde::from_str(&source).unwrap();
        let mut retained: Value = yaml_serde::from_str(&text).unwrap();
        assert!(retained.get("Transform").is_none());
        let resources = retained["Resources"].as_mapping_mut().unwrap();
        let mut expected = 0;
        for (name, resource) in whole["Resources"].as_mapping().unwrap() {
            let mut resource = resource.clone();
            let policy = resource.get("DeletionPolicy").and_then(Value::as_str);
            if policy.is_some_and(|policy| policy.starts_with("Retain")) {
                resource["DeletionPolicy"] = "Retain".into();
                assert_eq!(resources.get(name), Some(&resource));
                expected += 1;
            }
        }
        assert!(expected > 0);
        assert_eq!(resources.len(), expected);
    }

    const SOURCE: &str = "\
Transform: AWS::Serverless-2016-10-31

Parameters:
  Another:
    Type: String
  # Whether it is.
  MultiRegionKey:
    Type: String

Conditions:
  KeyIsMultiRegion: !Equals [!Ref MultiRegionKey, \"true\"]
  Other: !Equals [!Ref Another, \"\"]

Resources:
  # Seals.
  RingKey:
    Type: AWS::KMS::Key
    DeletionPolicy: RetainExceptOnCreate
    Properties:
      Description: !Sub of ${AWS::StackName} here
      MultiRegion: !If [KeyIsMultiRegion, true, false]

  Table:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Delete
";

    #[test]
    fn parameters_and_conditions_that_it_names_come_with_it() {
        let expected = "\
AWSTemplateFormatVersion: \"2010-09-09\"
Description: Latchkey - the tables and the key that outlive a stack, to be imported into a new one.

Parameters:
  MultiRegionKey:
    Type: String

Conditions:
  KeyIsMultiRegion: !Equals [!Ref MultiRegionKey, \"true\"]

Resources:
  RingKey:
    Type: AWS::KMS::Key
    DeletionPolicy: Retain
    Properties:
      Description: !Sub of ${AWS::StackName} here
      MultiRegion: !If [KeyIsMultiRegion, true, false]
";
        assert_eq!(template(SOURCE).unwrap(), expected);
    }

    #[test]
    fn a_reference_to_what_is_not_retained_is_an_error() {
        let source = SOURCE.replace("${AWS::StackName}", "${Table.Arn}");
        let error = template(&source).unwrap_err().to_string();
        assert_eq!(error, "what is retained refers to Table, which is not");
    }
}
