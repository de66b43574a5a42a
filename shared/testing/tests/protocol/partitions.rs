//! Nothing that is deployed, and nothing that an operator runs, names a partition of AWS: China,
//! GovCloud and the European Sovereign Cloud have other ARNs and other names of hosts.

use std::path::{Path, PathBuf};

use local::template::workspace;

/// Texts that belong to the partition `aws` alone.
const NAMES: [&str; 3] = ["arn:aws:", "amazonaws.com", "console.aws.amazon.com"];

/// The members of policies and tokens that name a service, which has one name in every partition.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services>
const SERVICES: [&str; 6] = [
    "Principal: { Service: ",
    "aws:CalledVia: ",
    "iam:AWSServiceName: ",
    "iam:PassedToService: ",
    "ClientIdList: ",
    "token.actions.githubusercontent.com:aud: ",
];

/// Templates and sources; tests beside them know a partition.
const PLACES: [&str; 10] = [
    "template.yaml",
    "operations.yaml",
    "samconfig.toml",
    "examples",
    "cli/src",
    "functions",
    "shared/accounts/src",
    "shared/api/src",
    "shared/keyring/src",
    "shared/tables/src",
];

fn files(place: &Path) -> Vec<PathBuf> {
    if place.file_stem().is_some_and(|name| name == "tests") {
        return Vec::new();
    }
    let Ok(entries) = std::fs::read_dir(place) else {
        return vec![place.to_owned()];
    };
    entries
        .flat_map(|entry| files(&entry.unwrap().path()))
        .collect()
}

#[test]
fn no_partition_of_aws_is_named() {
    let all = PLACES.map(|place| workspace().join(place));
    let all = all.iter().filter(|place| place.exists());
    let all: Vec<_> = all.flat_map(|place| files(place)).collect();
    assert!(all.len() > 100, "{}", all.len());
    let mut named = Vec::new();
    for file in all {
        // A picture or an archive has no lines.
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let lines = text.lines().zip(1..);
        let is_wrong = |line: &str| {
            let of_service = SERVICES
                .iter()
                .any(|member| line.trim().starts_with(member));
            !of_service && NAMES.iter().any(|name| line.contains(name))
        };
        let wrong = lines.filter(|(line, _)| is_wrong(line));
        named.extend(wrong.map(|(line, number)| format!("{}:{number}: {line}", file.display())));
    }
    assert!(named.is_empty(), "{named:#?}");
}
