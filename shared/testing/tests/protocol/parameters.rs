//! The parameters of template.yaml, and the variables that they become.

use accounts::Email;
use api::MailSender;
use claims::Roles;
use local::Template;
use serde_json::json;

/// All features included.
const MOST_PARAMETERS: usize = 55;

#[test]
fn parameters_reach_functions_at_their_defaults() {
    let environment = Template::load().environment();
    assert_eq!(environment["ISSUER_URL"], "");
    assert_eq!(environment["ACCESS_TOKEN_LIFETIME"], "900");
    assert_eq!(environment["USERS_TABLE"], "UsersTable");
}

/// CloudFormation and a function refuse the same tables: a deployment ends with a sentence, and not
/// with functions that do not start.
#[test]
fn the_pattern_of_the_roles_refuses_what_their_parser_refuses() {
    let template = Template::load();
    let length: usize = template
        .parameter("Roles", "MaxLength")
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(length, Roles::MAX_LENGTH);
    // The dialect has what CloudFormation's has and the pattern uses: a reference back, in what is
    // looked at ahead.
    let pattern = template.parameter("Roles", "AllowedPattern").unwrap();
    let schema = json!({ "type": "string", "pattern": pattern, "maxLength": length });
    let parameter = jsonschema::validator_for(&schema).unwrap();
    let agreed = |text: &str| {
        let good = text.parse::<Roles>().is_ok();
        assert_eq!(parameter.is_valid(&json!(text)), good, "{text:?}");
        good
    };

    let name = "n".repeat(64);
    let longest = format!("{name}={}", [name.as_str(); 10].join("+"));
    let full = format!(
        "{longest}+{}",
        "f".repeat(Roles::MAX_LENGTH - longest.len() - 1)
    );
    assert_eq!(full.len(), Roles::MAX_LENGTH);
    for good in [
        &template.parameter("Roles", "Default").unwrap(),
        "a=b",
        "a=b+b",
        "a=a",
        "Admin=users:read,admin=users:read",
        "a=b,aa=b,ab=b",
        "a=b,b=a",
        "9=https://example.com/articles.read_all-1",
        &longest,
        &full,
    ] {
        assert!(agreed(good), "{good}");
    }
    for bad in [
        "",
        "admin",
        "admin=",
        "=users:read",
        "admin=users:read,",
        ",admin=users:read",
        "admin=users:read,,editor=a",
        "admin=users:read, editor=a",
        "admin=users:read ",
        "admin=users:read\n",
        "admin= users:read",
        "admin=users read",
        "admin=users:read+",
        "admin=+users:read",
        "admin=a++b",
        "admin=a=b",
        "a=b,a=b",
        "a=b,c=d,a=e",
        "c=d,a=b,e=f,a=b",
        "-a=b",
        "a=:b",
        "a\"=b",
        "a=b\\c",
        "\u{e4}=b",
        "a=b;c=d",
        &format!("{name}n=a"),
        &format!("a={name}n"),
        &format!("{full}f"),
        &format!("{full},b=c"),
    ] {
        assert!(!agreed(bad), "{bad}");
    }

    let mut texts = vec![String::new()];
    let mut good = 0;
    for _ in 0..7 {
        let longer = texts
            .iter()
            .flat_map(|text| ["a", ".", "=", "+", ","].map(|end| format!("{text}{end}")));
        texts = longer.collect();
        good += texts.iter().filter(|text| agreed(text)).count();
    }
    println!("of the texts of up to 7 of 5 characters, {good} are tables");
    assert!(good > 50);
}

/// Every function that has pages reads the sender when it starts, `discovery` with the keys among them.
#[test]
fn what_the_patterns_of_mail_allow_is_read_by_the_functions() {
    let template = Template::load();
    let pattern = |parameter: &str| {
        let member = |member| template.parameter(parameter, member).unwrap();
        let length: usize = member("MaxLength").parse().unwrap();
        let pattern = member("AllowedPattern");
        let schema = json!({ "type": "string", "pattern": pattern, "maxLength": length });
        jsonschema::validator_for(&schema).unwrap()
    };
    let (sender, answers) = (pattern("MailFrom"), pattern("MailReplyTo"));
    let is_allowed = |address: &str| {
        let named = format!("Example <{address}>");
        let (is_sender, is_named) = (
            sender.is_valid(&json!(address)),
            sender.is_valid(&json!(named)),
        );
        assert_eq!(is_sender, is_named, "{address:?}");
        assert_eq!(is_sender, answers.is_valid(&json!(address)), "{address:?}");
        if is_sender {
            assert!(MailSender::parse(address).is_ok(), "{address:?}");
            assert!(MailSender::parse(&named).is_ok(), "{named:?}");
            assert!(Email::parse(address).is_ok(), "{address:?}");
        }
        is_sender
    };
    let longest = format!("{}@{}.com", "a".repeat(64), "b".repeat(45));
    for good in [
        "noreply@example.com",
        "No-Reply+x_y%z@id.example.com",
        "a.b@example.xn--p1ai",
        &longest,
    ] {
        assert!(is_allowed(good), "{good}");
    }
    for bad in [
        "noreply.@example.com",
        ".noreply@example.com",
        "no..reply@example.com",
        "noreply@-example.com",
        "noreply@example-.com",
        "noreply@example.com-",
        "noreply@example.1om",
        "noreply@127.0.0.1",
        "noreply@example.com\n",
        &format!("a{longest}"),
    ] {
        assert!(!is_allowed(bad), "{bad}");
    }

    let mut texts = vec![String::new()];
    let mut good = 0;
    for _ in 0..7 {
        let longer = texts
            .iter()
            .flat_map(|text| ["a", "1", ".", "-", "@"].map(|end| format!("{text}{end}")));
        texts = longer.collect();
        good += texts.iter().filter(|text| is_allowed(text)).count();
    }
    println!("of the texts of up to 7 of 5 characters, {good} are addresses");
    assert!(good > 50);
}

/// A parameter more is a question more for everybody who deploys.
#[test]
fn parameters_are_few_and_described() {
    let template = Template::load();
    let parameters = template.parameters();
    println!("{} parameters", parameters.len());
    assert!(parameters.len() <= MOST_PARAMETERS);
    for name in parameters.keys() {
        let description = template.parameter(name, "Description").unwrap();
        assert!(description.ends_with('.'), "{name}: {description}");
    }
}

/// Lambda takes no function with more.
#[test]
fn the_variables_of_a_function_fit_at_their_longest() {
    let template = Template::with_mail();
    for function in template.functions() {
        let bytes = template.longest_environment(&function.name);
        println!("{}: {bytes} bytes", function.name);
        assert!(bytes < 4_096, "{}: {bytes} bytes", function.name);
    }
}
