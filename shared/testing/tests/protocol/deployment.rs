//! Facts of template.yaml on which a deployment of another version relies.

use local::template::workspace;

fn template() -> yaml_serde::Value {
    let text = std::fs::read_to_string(workspace().join("template.yaml")).unwrap();
    yaml_serde::from_str(&text).unwrap()
}

/// A function that CloudFormation gave up on would go on all the same.
#[test]
fn the_deployment_waits_for_the_first_keys_longer_than_their_function_may_take() {
    let template = template();
    let resources = &template["Resources"];
    let timeout = &resources["RotateKeysFunction"]["Properties"]["Timeout"];
    let service = &resources["KeyRing"]["Properties"]["ServiceTimeout"];
    let [timeout, service] = [timeout, service].map(|seconds| seconds.as_u64().unwrap());
    // Lambda may take ten seconds for a start, and as long to find a place for it.
    assert!(
        timeout >= 60 && service >= timeout + 30,
        "{timeout}, {service}"
    );
}

/// The command `latchkey` compares its own version with it.
#[test]
fn the_stack_says_the_version_of_the_workspace() {
    let template = template();
    let output = &template["Outputs"]["Version"]["Value"];
    let of_the_ring = &template["Resources"]["KeyRing"]["Properties"]["Version"];
    for version in [output, of_the_ring] {
        assert_eq!(*version, env!("CARGO_PKG_VERSION"));
    }
}
