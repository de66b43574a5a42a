//! `cargo xtask generate`: writes the files that follow from others. A test holds them current.

use local::{Template, workspace};
use serde_json::Value;

use crate::Error;

const DOCUMENT: &str = "functions/discovery/src/openapi.json";

const MANIFEST: &str = "Cargo.toml";

/// The table of the manifest that has a line for each path.
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
        return Err("a member is given twice".to_owned());
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
    let routes = Template::load().routes().into_iter();
    let mut lines: Vec<_> = routes
        .map(|route| format!("{:?} = {:?}\n", route.path, route.function))
        .collect();
    lines.dedup();
    Ok(with_routes(&text, &lines.concat()).ok_or("the manifest has no router")?)
}

/// A manifest with these lines in the table of the router. The comments of the table and all that follows stay.
fn with_routes(manifest: &str, routes: &str) -> Option<String> {
    let start = manifest.find(ROUTER)? + ROUTER.len();
    let next_table = manifest[start - 1..].find("\n[");
    let end = next_table.map_or(manifest.len(), |at| start + at);
    let lines = manifest[start..end].split_inclusive('\n');
    let kept: String = lines.filter(|line| !line.starts_with('"')).collect();
    let (before, after) = (&manifest[..start], &manifest[end..]);
    Some(format!("{before}{routes}{kept}{after}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_generated_files_are_current() {
        for (file, text) in [
            (DOCUMENT, document().unwrap()),
            (MANIFEST, manifest().unwrap()),
        ] {
            let written = std::fs::read_to_string(workspace().join(file)).unwrap();
            assert!(written == text, "run `cargo xtask generate` for {file}");
        }
    }

    #[test]
    fn only_the_routes_of_the_manifest_are_replaced() {
        let with = |routes: &str, rest: &str| format!("[a]\nb = 1\n\n{ROUTER}{routes}{rest}");
        for rest in ["", "# c\n\n[d]\n\"e\" = 1\n", "[d]\n"] {
            let old = with("\"/f\" = \"f\"\n\"/g\" = \"g\"\n", rest);
            for manifest in [old, with("", rest)] {
                let new = with_routes(&manifest, "\"/h\" = \"h\"\n").unwrap();
                assert_eq!(new, with("\"/h\" = \"h\"\n", rest));
            }
        }
        assert_eq!(with_routes("[a]\n", ""), None);
    }

    #[test]
    fn a_member_that_is_given_twice_is_an_error() {
        let mut document = json!({ "paths": { "/a": { "get": { "summary": "A" } } } });
        merge(&mut document, json!({ "paths": { "/a": { "put": {} } } })).unwrap();
        let both = json!({ "paths": { "/a": { "get": { "summary": "A" }, "put": {} } } });
        assert_eq!(document, both);
        let again = json!({ "paths": { "/a": { "get": { "summary": "B" } } } });
        let error = merge(&mut document, again).unwrap_err();
        assert_eq!(error, "paths: /a: get: summary: a member is given twice");
    }
}
