//! Every link of a document of this repository leads somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use local::workspace;

/// Every document, by its path below the root.
pub(super) fn documents() -> Vec<PathBuf> {
    files("md")
}

/// Every file of the repository with this extension. Tools and editors keep others beside them.
fn files(extension: &str) -> Vec<PathBuf> {
    let pattern = format!("*.{extension}");
    let listed = Command::new("git")
        .args(["ls-files", "-z", &pattern])
        .current_dir(workspace())
        .output()
        .expect("git");
    assert!(listed.status.success(), "git ls-files: {listed:?}");
    let listed = String::from_utf8(listed.stdout).expect("UTF-8");
    let files = listed.split_terminator('\0').map(PathBuf::from);
    // One that is about to be removed is still listed.
    files
        .filter(|file| workspace().join(file).exists())
        .collect()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(workspace().join(path)).expect("UTF-8")
}

/// The lines outside fenced blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// The targets of the links and pictures.
fn targets(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for line in prose(text) {
        // Every second part is code.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for part in prose.split("](").skip(1) {
            let target = part.split(')').next().expect("a part");
            targets.push(target.to_owned());
        }
    }
    targets
}

/// The anchors that GitHub makes of the headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut seen = BTreeMap::<String, usize>::new();
    prose(text)
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let slug = slug(line.trim_start_matches('#').trim());
            let count = seen.entry(slug.clone()).or_default();
            *count += 1;
            match count {
                1 => slug,
                count => format!("{slug}-{}", *count - 1),
            }
        })
        .collect()
}

fn slug(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            '-' | '_' => Some(letter),
            _ => letter.is_alphanumeric().then_some(letter),
        })
        .collect()
}

/// The path that a link leads to, below the root, from the document that has it.
fn resolve(from: &Path, link: &str) -> Option<PathBuf> {
    let mut path = from.parent()?.to_owned();
    for component in Path::new(link).components() {
        match component {
            Component::ParentDir if !path.pop() => return None,
            Component::ParentDir | Component::CurDir => {}
            Component::Normal(name) => path.push(name),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

/// Why a link of this document leads nowhere.
fn broken(from: &Path, target: &str) -> Option<String> {
    if target.starts_with("https://") || target.starts_with("http://") {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() {
        from.to_owned()
    } else {
        match resolve(from, file) {
            Some(path) => path,
            None => return Some("is outside the repository".to_owned()),
        }
    };
    if !workspace().join(&path).exists() {
        return Some(format!("{} does not exist", path.display()));
    }
    let known = anchor.is_empty() || anchors(&read(&path)).contains(anchor);
    (!known).then(|| format!("{} has no heading #{anchor}", path.display()))
}

#[test]
fn every_relative_link_and_anchor_leads_somewhere() {
    let documents = documents();
    assert!(documents.len() >= 17, "{documents:?}");
    let mut links = 0;
    let mut wrong = Vec::new();
    for from in documents {
        for target in targets(&read(&from)) {
            links += 1;
            if let Some(reason) = broken(&from, &target) {
                wrong.push(format!("{}: {target}: {reason}", from.display()));
            }
        }
    }
    assert!(links >= 50, "{links}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_document_that_code_names_exists() {
    let extensions = ["rs", "yaml", "yml", "toml", "html", "js"];
    for from in extensions.into_iter().flat_map(files) {
        let text = read(&from);
        for (at, _) in text.match_indices("docs/") {
            let name: String = text[at..]
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || "/-_.".contains(*letter))
                .collect();
            // Also at the end of a sentence.
            let name = name.trim_end_matches('.');
            let is_named = name.ends_with(".md") && !text[..at].ends_with('/');
            assert!(
                !is_named || workspace().join(name).exists(),
                "{}: {name}",
                from.display()
            );
        }
    }
}

#[test]
fn links_are_found_and_followed() {
    let text = "# A `b`, c!\n[x](y.md#z) `[no](code)` ![p](q.svg)\n```\n[no](block)\n# no\n```\n## A b c\n";
    assert_eq!(targets(text), ["y.md#z", "q.svg"]);
    assert_eq!(
        anchors(text),
        ["a-b-c", "a-b-c-1"].map(str::to_owned).into()
    );
    let from = Path::new("docs/routes.md");
    assert_eq!(
        resolve(from, "../README.md").unwrap(),
        Path::new("README.md")
    );
    assert_eq!(resolve(from, "../../README.md"), None);
    assert!(broken(from, "../README.md#no-such-heading").is_some());
    assert!(broken(from, "no-such-page.md").is_some());
    assert!(broken(from, "#requests").is_none());
}
