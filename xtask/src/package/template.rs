//! The template of an artefact: that of the workspace, with the functions as zips beside it.

use super::blocks::{Block, find, sections};
use crate::Error;
use crate::sam::Architecture;

const FUNCTION: &str = "AWS::Serverless::Function";

/// Metadata of a function that a build of the source needs, and a deployment of an artefact does not.
const BUILD: [&str; 2] = ["BuildMethod", "BuildProperties"];

/// Makes the template of an artefact for one architecture.
///
/// # Errors
///
/// Where the source is not of the form that this repository writes.
pub(super) fn packaged(source: &str, architecture: Architecture) -> Result<String, Error> {
    let lines: Vec<_> = source.lines().collect();
    let sections = sections(&lines);
    let mut edited = Edited::new(&lines);
    one_architecture(&mut edited, &find(&sections, "Parameters")?, architecture)?;
    without_source(&mut edited, &find(&sections, "Globals")?)?;
    let resources = find(&sections, "Resources")?.children(&lines);
    let functions = resources.iter().filter(|resource| {
        let kind = resource.child(&lines, "Type");
        kind.is_some_and(|kind| kind.value(&lines) == FUNCTION)
    });
    for function in functions {
        as_zip(&mut edited, function)?;
    }
    Ok(edited.text())
}

/// A deployment for another processor than that of the zips is then refused, and not found out by the first request.
fn one_architecture(
    edited: &mut Edited,
    parameters: &Block,
    architecture: Architecture,
) -> Result<(), Error> {
    let parameter = find(&parameters.children(edited.source), "Architecture")?;
    let members = parameter.children(edited.source);
    let name = architecture.name();
    edited.replace(&find(&members, "Default")?, &format!("    Default: {name}"));
    let only = format!("    AllowedValues: [{name}]");
    edited.replace(&find(&members, "AllowedValues")?, &only);
    Ok(())
}

/// Takes out the place of the source, which each function has for itself, and the comment on it.
fn without_source(edited: &mut Edited, globals: &Block) -> Result<(), Error> {
    let function = find(&globals.children(edited.source), "Function")?;
    let code = find(&function.children(edited.source), "CodeUri")?;
    let above = edited.source[..code.lines.start].iter().rev();
    let comment = above.take_while(|line| line.trim_start().starts_with('#'));
    edited.remove(code.lines.start - comment.count()..code.lines.end);
    Ok(())
}

fn as_zip(edited: &mut Edited, function: &Block) -> Result<(), Error> {
    let members = function.children(edited.source);
    let metadata = find(&members, "Metadata")?;
    let inner = metadata.children(edited.source);
    let properties = find(&inner, "BuildProperties")?;
    let binary = find(&properties.children(edited.source), "Binary")?;
    let binary = binary.value(edited.source);
    let (build, others): (Vec<_>, Vec<_>) = inner
        .into_iter()
        .partition(|member| BUILD.contains(&member.key));
    if others.is_empty() {
        edited.remove(metadata.lines);
    }
    for member in build {
        edited.remove(member.lines);
    }
    let properties = find(&members, "Properties")?.lines.start;
    edited.insert_after(properties, &format!("      CodeUri: {binary}.zip"));
    Ok(())
}

/// Lines of which some are no more, and some are others.
struct Edited<'a> {
    source: &'a [&'a str],
    lines: Vec<Option<String>>,
}

impl<'a> Edited<'a> {
    fn new(source: &'a [&'a str]) -> Self {
        let lines = source.iter().map(|line| Some((*line).to_owned())).collect();
        Self { source, lines }
    }

    fn remove(&mut self, lines: std::ops::Range<usize>) {
        self.lines[lines].fill(None);
    }

    fn replace(&mut self, block: &Block, line: &str) {
        self.remove(block.lines.clone());
        self.lines[block.lines.start] = Some(line.to_owned());
    }

    fn insert_after(&mut self, line: usize, inserted: &str) {
        self.lines[line] = Some(format!("{}\n{inserted}", self.source[line]));
    }

    fn text(self) -> String {
        let lines: Vec<_> = self.lines.into_iter().flatten().collect();
        lines.join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests {
    use local::{Template, workspace};
    use yaml_serde::{Mapping, Value};

    use super::*;

    fn source() -> String {
        std::fs::read_to_string(workspace().join("template.yaml")).unwrap()
    }

    fn parsed(text: &str) -> Value {
        yaml_serde::from_str(text).unwrap()
    }

    fn members<'a>(value: &'a mut Value, path: &[&str]) -> &'a mut Mapping {
        let place = path.iter().fold(value, |value, key| &mut value[*key]);
        place.as_mapping_mut().unwrap()
    }

    #[test]
    fn the_packaged_template_differs_from_the_source_in_code_build_and_architecture_alone() {
        let source = source();
        let packaged = packaged(&source, Architecture::Arm64).unwrap();
        let (mut ours, mut theirs) = (parsed(&source), parsed(&packaged));
        for document in [&mut ours, &mut theirs] {
            members(document, &["Globals", "Function"]).remove("CodeUri");
            let architecture = members(document, &["Parameters", "Architecture"]);
            architecture.remove("Default");
            architecture.remove("AllowedValues");
            for (_, resource) in members(document, &["Resources"]).iter_mut() {
                if resource["Type"] == FUNCTION {
                    resource["Properties"]
                        .as_mapping_mut()
                        .unwrap()
                        .remove("CodeUri");
                    let resource = resource.as_mapping_mut().unwrap();
                    let build = resource.get_mut("Metadata").and_then(Value::as_mapping_mut);
                    if let Some(build) = build {
                        build.retain(|key, _| BUILD.iter().all(|member| key != *member));
                        if build.is_empty() {
                            resource.remove("Metadata");
                        }
                    }
                }
            }
        }
        assert_eq!(ours, theirs);
    }

    #[test]
    fn every_function_is_a_zip_and_none_can_be_built() {
        let packaged = packaged(&source(), Architecture::Arm64).unwrap();
        let mut document = parsed(&packaged);
        assert!(document["Globals"]["Function"].get("CodeUri").is_none());
        let mut zips: Vec<_> = members(&mut document, &["Resources"])
            .iter()
            .filter(|(_, resource)| resource["Type"] == FUNCTION)
            .map(|(_, function)| {
                assert!(function.get("Metadata").is_none_or(|metadata| {
                    BUILD.iter().all(|member| metadata.get(member).is_none())
                }));
                function["Properties"]["CodeUri"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        zips.sort();
        let functions = Template::with_mail().functions();
        let mut expected: Vec<_> = functions
            .iter()
            .map(|function| format!("{}.zip", function.name))
            .collect();
        expected.sort();
        assert_eq!(zips, expected);
    }

    #[test]
    fn an_artefact_is_for_one_architecture() {
        for architecture in [Architecture::Arm64, Architecture::X86_64] {
            let document = parsed(&packaged(&source(), architecture).unwrap());
            let parameter = &document["Parameters"]["Architecture"];
            assert_eq!(parameter["Default"], architecture.name());
            assert_eq!(
                parameter["AllowedValues"].as_sequence().unwrap(),
                &[architecture.name()]
            );
        }
    }

    #[test]
    fn comments_stay_but_for_that_on_the_source() {
        let source = source();
        let packaged = packaged(&source, Architecture::X86_64).unwrap();
        let comments = |text: &str| {
            let lines = text.lines().map(str::trim);
            lines.filter(|line| line.starts_with('#')).count()
        };
        assert_eq!(comments(&packaged), comments(&source) - 1);
    }

    #[test]
    fn metadata_of_another_kind_stays() {
        let source = "\
Parameters:
  Architecture:
    Default: arm64
    AllowedValues: [arm64, x86_64]
Globals:
  Function:
    CodeUri: .
    Timeout: 10
Resources:
  LoginFunction:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: rust-cargolambda
      BuildProperties:
        Binary: login
      checkov: reason
    Properties:
      MemorySize: 512
";
        let expected = "\
Parameters:
  Architecture:
    Default: x86_64
    AllowedValues: [x86_64]
Globals:
  Function:
    Timeout: 10
Resources:
  LoginFunction:
    Type: AWS::Serverless::Function
    Metadata:
      checkov: reason
    Properties:
      CodeUri: login.zip
      MemorySize: 512
";
        assert_eq!(packaged(source, Architecture::X86_64).unwrap(), expected);
        let nothing = source.replace("    CodeUri: .\n", "");
        assert!(packaged(&nothing, Architecture::X86_64).is_err());
    }
}
