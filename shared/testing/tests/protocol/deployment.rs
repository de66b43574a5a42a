//! Facts of template.yaml on which a deployment of another version relies.

use api::MailSender;
use local::template::workspace;
use yaml_serde::Value;

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

/// The permission to send is for one address, and the parameter may have a name before it.
#[test]
fn the_address_that_mailer_may_send_as_is_that_of_mail_from() {
    let template = template();
    let role = &template["Resources"]["MailerFunctionRole"]["Properties"]["Policies"][0];
    let statements = role["PolicyDocument"]["Statement"].as_sequence().unwrap();
    let mut statements = statements.iter();
    let send = statements.find(|statement| statement["Action"] == "ses:SendEmail");
    let allowed = &send.unwrap()["Condition"]["StringEquals"]["ses:FromAddress"];
    for from in [
        "noreply@example.com",
        "NoReply@example.com",
        "Example <noreply@example.com>",
        "Kites, Inc. (EU) <a+b@mail.example.com>",
    ] {
        let sender = MailSender::parse(from).unwrap();
        assert_eq!(texts(allowed, from), [sender.address], "{from}");
    }
}

/// The value of an expression of CloudFormation with that `MailFrom`, one text or a list of them.
fn texts(value: &Value, from: &str) -> Vec<String> {
    let Value::Tagged(tagged) = value else {
        panic!("it is an expression, not {value:?}");
    };
    let operand = |index: usize| &tagged.value[index];
    match tagged.tag.to_string().trim_start_matches('!') {
        "Sub" => vec![tagged.value.as_str().unwrap().replace("${MailFrom}", from)],
        "Split" => {
            let source = texts(operand(1), from).remove(0);
            let parts = source.split(operand(0).as_str().unwrap());
            parts.map(str::to_owned).collect()
        }
        "Select" => {
            let index = operand(0)
                .as_u64()
                .and_then(|index| usize::try_from(index).ok());
            vec![texts(operand(1), from).remove(index.unwrap())]
        }
        _ => panic!("nothing is known of {value:?}"),
    }
}
