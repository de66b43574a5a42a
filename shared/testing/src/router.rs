//! The functions in this process.

use api::Environment;
use axum::Router;
use axum::middleware::from_fn;
use lambda_http::Context;
use local::functions::{self, Function};
use serde_json::Value;
use serde_json::value::to_raw_value;

use crate::contract::check_contract;
use crate::{Client, Stack};

/// The routes of every function in this environment, held to openapi.json.
///
/// # Panics
///
/// If a variable is missing or wrong.
pub fn router(environment: &Environment) -> Router {
    let router = functions::router(environment).expect("the variables are right");
    router.layer(from_fn(check_contract))
}

impl Stack {
    /// The routes of every function, held to openapi.json.
    ///
    /// # Panics
    ///
    /// If a variable is missing or wrong.
    pub fn router(&self) -> Router {
        router(&self.environment())
    }

    /// A client of the whole API. It has the memory of a new environment of Lambda: no keys are
    /// read yet.
    ///
    /// # Panics
    ///
    /// If a variable is missing or wrong.
    pub fn api(&self) -> Client {
        Client::api(&self.environment())
    }

    /// A client of one function alone.
    ///
    /// # Panics
    ///
    /// If there is no such function, or a variable is missing or wrong.
    pub fn function(&self, name: &str) -> Client {
        Client::function(name, &self.environment())
    }

    /// Invokes a function with an event, as Lambda does.
    ///
    /// # Errors
    ///
    /// The sentence that Lambda would have been told.
    ///
    /// # Panics
    ///
    /// If there is no such function, or a variable is missing or wrong.
    pub async fn invoke(&self, name: &str, event: &Value) -> Result<Value, String> {
        let function = Function::named(name).start(&self.environment());
        let function = function.expect("the variables are right");
        let event = to_raw_value(event).expect("an event is JSON");
        function.invoke(&event, Context::default()).await
    }
}

impl Client {
    /// A client of the whole API, in this environment.
    ///
    /// # Panics
    ///
    /// If a variable is missing or wrong.
    pub fn api(environment: &Environment) -> Self {
        let edge = environment.edge().expect("the variables are right");
        Self::with_edge(router(environment), edge)
    }

    /// A client of one function alone, in this environment.
    ///
    /// # Panics
    ///
    /// If there is no such function, or a variable is missing or wrong.
    pub fn function(name: &str, environment: &Environment) -> Self {
        let router = Function::named(name).router(environment);
        let edge = environment.edge().expect("the variables are right");
        Self::with_edge(router.expect("the variables are right"), edge)
    }
}
