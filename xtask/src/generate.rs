//! `cargo xtask generate`: writes the files that follow from others. A test holds them current.

use local::{Template, workspace};
use serde_json::Value;

use crate::Error;

const DOCUMENT: &str = "functions/discovery/src/openapi.json";

const MANIFEST: &str = "Cargo.toml";

/// The last table of the manifest.
const ROUTER: &str = "[workspace.metadata.lambda.watch.router]\n";

/// Writes each.
pub(crate) fn run() -> Result<(), Error> {
    for (file, text) in [(DOCUMENT, document()?), (MANIFEST, manifest()?)] {
        std::fs::write(workspace().join(file), text)?;
        println!("{file} is current.");
    }
    Ok(())
}

/// The document of the API: what all operations share, and what is beside each function.
fn document() -> Result<String, Error> {
    let functions = workspace().join("functions");
    let mut parts = vec![functions.join("discovery/src/openapi/shared.json")];
    for function in std::fs::read_dir(functions)? {
        let part = function?.path().join("openapi.json");
        parts.extend(part.is_file().then_some(part));
    }
    let mut document = Value::Object(serde_json::Map::new());
    for part in parts {
        let text = std::fs::read_to_string(&part)?;
        let value = serde_json::from_str(&text).map_err(|error| error.to_string());
        let merged = value.and_then(|value| merge(&mut document, value));
        merged.map_err(|error| format!("{}: {error}", part.display()))?;
    }
    document.sort_all_objects();
    Ok(format!("{document:#}\n"))
}

/// Adds the members of an object to another's, at any depth.
fn merge(into: &mut Value, from: Value) -> Result<(), String> {
    let (Value::Object(into), Value::Object(from)) = (into, from) else {
        return Err("it says something twice".to_owned());
    };
    for (name, value) in from {
        match into.get_mut(&name) {
            Some(other) => merge(other, value).map_err(|error| format!("{name}: {error}"))?,
            None => {
                into.insert(name, value);
            }
        }
    }
    Ok(())
}

/// The manifest of the workspace with the paths of template.yaml. `cargo lambda watch` has one function for a path.
fn manifest() -> Result<String, Error> {
    let text = std::fs::read_to_string(workspace().join(MANIFEST))?;
    let (before, _) = text.split_once(ROUTER).ok_or("the manifest has a router")?;
    let routes = Template::load().routes().into_iter();
    let mut lines: Vec<_> = routes
        .map(|route| format!("{:?} = {:?}\n", route.path, route.function))
        .collect();
    lines.dedup();
    Ok(format!("{before}{ROUTER}{}", lines.concat()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_generated_is_current() {
        for (file, text) in [
            (DOCUMENT, document().unwrap()),
            (MANIFEST, manifest().unwrap()),
        ] {
            let written = std::fs::read_to_string(workspace().join(file)).unwrap();
            assert!(written == text, "run `cargo xtask generate` for {file}");
        }
    }

    #[test]
    fn nothing_is_said_twice() {
        let mut document = json!({ "paths": { "/a": { "get": { "summary": "A" } } } });
        merge(&mut document, json!({ "paths": { "/a": { "put": {} } } })).unwrap();
        let both = json!({ "paths": { "/a": { "get": { "summary": "A" }, "put": {} } } });
        assert_eq!(document, both);
        let again = json!({ "paths": { "/a": { "get": { "summary": "B" } } } });
        let error = merge(&mut document, again).unwrap_err();
        assert_eq!(error, "paths: /a: get: summary: it says something twice");
    }
}
