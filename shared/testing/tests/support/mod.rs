//! The whole API in this process, over one stack.

#![expect(
    clippy::unwrap_used,
    reason = "a test's helpers fail by panicking, as the test does"
)]

mod contract;

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::middleware::from_fn;
use testing::{Client, Stack};

/// Every function's routes, merged, to be called.
#[allow(
    dead_code,
    reason = "not every test file that shares this module calls them in this process"
)]
pub(crate) fn api(stack: &Stack) -> Client {
    Client::Router(router(stack))
}

/// Every function's routes, merged, and held to openapi.json.
pub(crate) fn router(stack: &Stack) -> Router {
    let environment = stack.environment();
    discovery::router(discovery::App::new(&environment).unwrap())
        .merge(account::router(account::App::new(&environment).unwrap()))
        .merge(admin::router(admin::App::new(&environment).unwrap()))
        .merge(introspect::router(
            introspect::App::new(&environment).unwrap(),
        ))
        .merge(revoke::router(revoke::App::new(&environment).unwrap()))
        .merge(login::router(login::App::new(&environment).unwrap()))
        .merge(logout::router(logout::App::new(&environment).unwrap()))
        .merge(refresh::router(refresh::App::new(&environment).unwrap()))
        .merge(protected::router(
            protected::App::new(&environment).unwrap(),
        ))
        .merge(register::router(register::App::new(&environment).unwrap()))
        .layer(from_fn(contract::held))
}

/// Good enough for the policy.
#[allow(
    dead_code,
    reason = "not every test file that shares this module signs anybody in"
)]
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// As good.
#[allow(
    dead_code,
    reason = "not every test file that shares this module changes a password"
)]
pub(crate) const OTHER_PASSWORD: &str = "nine purple elephants dance";

/// Registers somebody, makes them an administrator as the operator does, and signs them in.
#[allow(
    dead_code,
    reason = "not every test file that shares this module has an administrator"
)]
pub(crate) async fn administrator(stack: &Stack, api: &Client, username: &str) -> String {
    api.register(username, PASSWORD).await;
    grant(stack, username, vec![claims::Role::Admin]).await;
    api.login(username, PASSWORD).await.access_token()
}

/// Sets somebody's roles as the operator does.
#[allow(
    dead_code,
    reason = "not every test file that shares this module has an administrator"
)]
pub(crate) async fn grant(stack: &Stack, username: &str, roles: Vec<claims::Role>) {
    let user = user(stack, username).await;
    let accounts = stack.environment().accounts().unwrap();
    let by = tables::By::Operator;
    accounts
        .change(&user, &user.with_roles(roles), by)
        .await
        .unwrap();
}

/// An account by its username.
#[allow(
    dead_code,
    reason = "not every test file that shares this module looks an account up"
)]
pub(crate) async fn user(stack: &Stack, username: &str) -> accounts::User {
    let environment = stack.environment();
    let name = accounts::Username::parse(username).unwrap();
    let logins = environment.logins().unwrap();
    let id = logins.owner(&(&name).into()).await.unwrap().unwrap();
    environment.users().unwrap().get(id).await.unwrap().unwrap()
}

/// Sets an attribute of a table's only item, as an administrator or the passing of time would.
#[allow(
    dead_code,
    reason = "not every test file that shares this module changes items"
)]
pub(crate) async fn set(stack: &Stack, table: &str, attribute: &str, value: AttributeValue) {
    let item = stack.items(table).await.remove(0);
    let client = stack.engine.client();
    let mut update = client.update_item().table_name(table);
    for key in ["user_id", "id"] {
        if let Some(value) = item.get(key) {
            update = update.key(key, value.clone());
        }
    }
    let update = update.update_expression("SET #attribute = :value");
    let update = update.expression_attribute_names("#attribute", attribute);
    let update = update.expression_attribute_values(":value", value);
    update.send().await.unwrap();
}

/// A number as an attribute.
#[allow(
    dead_code,
    reason = "not every test file that shares this module changes items"
)]
pub(crate) fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
