//! The whole API in this process, over one stack.

#![expect(
    clippy::unwrap_used,
    reason = "a test's helpers fail by panicking, as the test does"
)]

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use testing::{Client, Stack};

/// Every function's routes, merged.
pub(crate) fn api(stack: &Stack) -> Client {
    Client::Router(router(stack))
}

/// Every function's routes, merged.
pub(crate) fn router(stack: &Stack) -> Router {
    let environment = stack.environment();
    discovery::router(discovery::App::new(&environment).unwrap())
        .merge(login::router(login::App::new(&environment).unwrap()))
        .merge(logout::router(logout::App::new(&environment).unwrap()))
        .merge(refresh::router(refresh::App::new(&environment).unwrap()))
        .merge(protected::router(
            protected::App::new(&environment).unwrap(),
        ))
        .merge(register::router(register::App::new(&environment).unwrap()))
}

/// Good enough for the policy.
#[allow(
    dead_code,
    reason = "not every test file that shares this module signs anybody in"
)]
pub(crate) const PASSWORD: &str = "correct horse battery staple";

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
