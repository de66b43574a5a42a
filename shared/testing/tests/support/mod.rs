//! The whole API in this process, over one stack.

#![expect(
    clippy::unwrap_used,
    reason = "a test's helpers fail by panicking, as the test does"
)]

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
