//! The contents of template.yaml, for tests and for the local stack: both run against the tables,
//! routes and variables that are deployed, and not against a second list of them.
//!
//! Every answer panics where the template is not of the form that this repository writes, with the
//! place in the message. `sam validate` has the last word on whether AWS would take it.

mod conditions;
mod cors;
mod environment;
mod grants;
mod longest;
mod mapping;
mod table;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use yaml_serde::Value;

pub use cors::CorsRules;
pub use mapping::Mapping;
pub use table::Table;
use values::{entries, list, text};

/// The deployment template of this repository.
#[derive(Debug, Clone)]
pub struct Template {
    document: Value,
}

/// A route of the API and the function behind it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The path, with `{name}` for a parameter.
    pub path: String,
    /// The HTTP method, or `ANY`.
    pub method: String,
    /// The name of the function, as in [`Function::name`].
    pub function: String,
}

/// A function and all that the template gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// The name of its binary, which is that of its crate.
    pub name: String,
    /// Its own variables, beside [`Template::globals`]: parameters at their defaults, tables by
    /// their local names.
    pub environment: BTreeMap<String, String>,
    /// The actions that IAM allows it: pairs of an action, such as `dynamodb:GetItem`, and a table.
    /// Where a condition keeps to some items of it, the pattern of their keys follows after a blank:
    /// `MailsTable reset#*`.
    pub policies: BTreeSet<(String, String)>,
    /// The KMS actions that IAM allows it: pairs of an action, such as `kms:Decrypt`, and the
    /// `purpose` of keys.
    pub kms: BTreeSet<(String, String)>,
    /// The actions that IAM allows it on what is neither a table nor a key: pairs of an action and
    /// the resource, such as `MailsTable.StreamArn`, or its ARN as the template has it.
    pub others: BTreeSet<(String, String)>,
}

impl Template {
    /// Reads template.yaml at the root of the workspace.
    #[must_use]
    pub fn load() -> Self {
        Self::read("template.yaml")
    }

    /// Reads operations.yaml beside it, which is nested in it and has the other alarms, for a
    /// deployment where mail is sent.
    #[must_use]
    pub fn operations() -> Self {
        Self::read("operations.yaml").with("MailerFunction", "MailerFunction")
    }

    /// Reads template.yaml with a sender of mails: what is deployed where mail is sent, and so every
    /// function.
    #[must_use]
    pub fn with_mail() -> Self {
        Self::load().with("MailFrom", "Example <noreply@example.com>")
    }

    fn read(name: &str) -> Self {
        let path = workspace().join(name);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::parse(&text)
    }

    /// Reads the text of a template.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let document = yaml_serde::from_str(text)
            .unwrap_or_else(|error| panic!("the template is not YAML: {error}"));
        Self { document }
    }

    /// The template with another default of a parameter: what is deployed where that is its value.
    ///
    /// # Panics
    ///
    /// Where there is no such parameter.
    #[must_use]
    pub fn with(mut self, parameter: &str, value: &str) -> Self {
        let found = self.document["Parameters"].get_mut(parameter);
        let found = found.unwrap_or_else(|| panic!("{parameter} is no parameter"));
        found["Default"] = Value::from(value);
        self
    }

    /// Every parameter and its default.
    #[must_use]
    pub fn parameters(&self) -> BTreeMap<String, String> {
        entries(&self.document["Parameters"])
            .map(|(name, parameter)| (name.to_owned(), text(&parameter["Default"])))
            .collect()
    }

    /// A member of a parameter as text, such as its `AllowedPattern`; `None` if it has no such
    /// member.
    #[must_use]
    pub fn parameter(&self, name: &str, member: &str) -> Option<String> {
        self.document["Parameters"][name].get(member).map(text)
    }

    /// The groups in which CloudFormation shows the parameters: label and names.
    #[must_use]
    pub fn parameter_groups(&self) -> Vec<(String, Vec<String>)> {
        let interface = &self.document["Metadata"]["AWS::CloudFormation::Interface"];
        let groups = list(&interface["ParameterGroups"]).into_iter();
        groups
            .map(|group| {
                let names = list(&group["Parameters"]).into_iter().map(text);
                (text(&group["Label"]["default"]), names.collect())
            })
            .collect()
    }

    /// Every table.
    #[must_use]
    pub fn tables(&self) -> Vec<Table> {
        self.resources("AWS::DynamoDB::Table")
            .map(|(name, properties)| Table::read(name, properties))
            .collect()
    }

    /// Every mapping from the stream of a table to a function.
    #[must_use]
    pub fn mappings(&self) -> Vec<Mapping> {
        let shared = &self.document["Globals"]["Function"]["Timeout"];
        let functions = self.resources("AWS::Serverless::Function");
        functions
            .flat_map(|(id, properties)| {
                let timeout = properties.get("Timeout").unwrap_or(shared);
                entries(&properties["Events"])
                    .filter(|(_, event)| event["Type"].as_str() == Some("DynamoDB"))
                    .map(move |(_, event)| {
                        Mapping::read(self.binary(id), timeout, &event["Properties"])
                    })
            })
            .collect()
    }

    /// The memory of a function, in MB.
    ///
    /// # Panics
    ///
    /// Where there is no such function, or it has no such size.
    #[must_use]
    pub fn memory(&self, function: &str) -> f64 {
        let mut functions = self.resources("AWS::Serverless::Function");
        let (_, properties) = functions
            .find(|(id, _)| self.binary(id) == function)
            .expect("the template has the function");
        properties["MemorySize"].as_f64().expect("it has a size")
    }

    /// Every alarm of this template, without those of one that is nested in it.
    #[must_use]
    pub fn alarms(&self) -> Vec<String> {
        self.resources("AWS::CloudWatch::Alarm")
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    /// Every route, ordered by path.
    #[must_use]
    pub fn routes(&self) -> Vec<Route> {
        let mut routes: Vec<Route> = self
            .resources("AWS::Serverless::Function")
            .flat_map(|(id, properties)| {
                let function = self.binary(id);
                entries(&properties["Events"])
                    .map(|(_, event)| event)
                    .filter(|event| event["Type"].as_str() == Some("HttpApi"))
                    .map(move |event| Route {
                        path: text(&event["Properties"]["Path"]),
                        method: text(&event["Properties"]["Method"]),
                        function: function.clone(),
                    })
            })
            .collect();
        routes.sort();
        routes
    }

    /// Every function.
    #[must_use]
    pub fn functions(&self) -> Vec<Function> {
        self.resources("AWS::Serverless::Function")
            .map(|(id, properties)| {
                let allowed = self.allowed(id, properties);
                Function {
                    name: self.binary(id),
                    environment: self.variables(properties),
                    policies: allowed.tables,
                    kms: allowed.kms,
                    others: allowed.others,
                }
            })
            .collect()
    }

    /// The resources of a kind, without those whose condition is not met.
    fn resources<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        entries(&self.document["Resources"])
            .filter(move |(_, resource)| resource["Type"].as_str() == Some(kind))
            .filter(|(_, resource)| self.is_made(resource))
            .map(|(id, resource)| (id, &resource["Properties"]))
    }

    fn binary(&self, id: &str) -> String {
        text(&self.document["Resources"][id]["Metadata"]["BuildProperties"]["Binary"])
    }
}

/// The root of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize()
        .unwrap_or_else(|error| panic!("{}: {error}", root.display()))
}
