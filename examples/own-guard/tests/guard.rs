//! The tokens that the guard admits, and those that it refuses.

use local::Template;
use serde_json::json;
use testing::stack::DOMAIN;
use testing::{Client, Stack};

/// As the gateway sends requests to it.
const TEMPLATE: &str = include_str!("../template.yaml");

const ROLES: &str = "admin=users:write,editor=reports:read";

#[tokio::test]
async fn whoever_has_signed_in_is_admitted_and_role_and_scope_decide_the_rest() {
    let issuer = format!("https://{DOMAIN}");
    let stack = Stack::start_with(&[("API_URL", &issuer), ("ROLES", ROLES)]).await;
    stack.function("register").sign_up("ada").await;
    // With the table of roles, and without it.
    for table in [ROLES, ""] {
        let environment = stack.environment_with("ROLES", Some(table));
        let routes = ["GET /hello", "GET /reports", "GET /drafts"];
        let api = Client::with_own(own_guard::router(&environment).unwrap(), &routes);
        assert_eq!(api.get("/hello", None).await.status, 401);
        assert_eq!(api.get("/hello", Some("e30.e30.e30")).await.status, 401);
        for (roles, status) in [(&[][..], 403), (&["admin"], 403), (&["editor"], 200)] {
            stack.grant("ada", roles).await;
            let login = stack.function("login").sign_in("ada").await;
            let ada = api.session(login.answer);
            let hello = ada.get("/hello").await;
            assert_eq!(hello.status, 200, "{}", hello.json());
            for path in ["/reports", "/drafts"] {
                let answer = ada.get(path).await;
                assert_eq!(answer.status, status, "{path} {roles:?} {table:?}");
                let code = (status == 403).then_some("insufficient_scope");
                assert_eq!(answer.json()["error"], json!(code));
            }
            stack.grant("ada", &[]).await;
            for path in ["/reports", "/drafts"] {
                assert_eq!(
                    ada.get(path).await.status,
                    403,
                    "{path} {roles:?} {table:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn each_route_of_the_template_leads_to_a_handler() {
    let stack = Stack::start_with(&[("API_URL", "https://auth.example.com")]).await;
    let api = Client::of(own_guard::router(&stack.environment()).unwrap());
    let routes = Template::parse(TEMPLATE).routes();
    assert_eq!(routes.len(), 3);
    for route in routes {
        let key = json!(format!("{} {}", route.method, route.path));
        let mut event = testing::event("protected");
        event["routeKey"] = key.clone();
        event["rawPath"] = json!(route.path);
        event["headers"]["authorization"] = json!("Bearer e30.e30.e30");
        event["requestContext"]["routeKey"] = key;
        event["requestContext"]["http"]["path"] = json!(route.path);
        assert_eq!(api.invoke(&event).await.status, 401, "{}", route.path);
    }
}
