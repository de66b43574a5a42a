//! Every function of this repository, to be called in this process instead of by Lambda.

use api::{ConfigError, Door, Environment, Handler};
use axum::Router;
use lambda_http::Context;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// All functions. A test holds the list to template.yaml.
pub const ALL: &[Function] = &[
    behind_routes::<account::App>(),
    behind_routes::<admin::App>(),
    alone::<authorizer::App>(|environment| Ok(Started::Authorizer(Handler::new(environment)?))),
    behind_routes::<discovery::App>(),
    behind_routes::<factors::App>(),
    behind_routes::<introspect::App>(),
    behind_routes::<login::App>(),
    behind_routes::<logout::App>(),
    alone::<mailer::App>(|environment| Ok(Started::Mailer(Handler::new(environment)?))),
    behind_routes::<mfa::App>(),
    behind_routes::<passkey::App>(),
    behind_routes::<protected::App>(),
    behind_routes::<recover::App>(),
    behind_routes::<refresh::App>(),
    behind_routes::<register::App>(),
    behind_routes::<revoke::App>(),
    alone::<rotate_keys::App>(|environment| Ok(Started::RotateKeys(Handler::new(environment)?))),
];

/// A function of the template.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// The name of its crate, its binary and, in another spelling, its resource in the template.
    pub name: &'static str,
    make: Make,
}

/// The way to make a function of the variables and tables of an environment.
#[derive(Debug, Clone, Copy)]
enum Make {
    /// A function behind routes of the API.
    Router(fn(&Environment) -> Result<Router, ConfigError>),
    /// A function that something else invokes.
    Alone(fn(&Environment) -> Result<Started, ConfigError>),
}

/// A function that has started and can be invoked.
pub enum Started {
    /// Behind routes of the API.
    Behind(Door),
    /// Behind the routes of other APIs.
    Authorizer(authorizer::App),
    /// Behind the stream of a table.
    Mailer(mailer::App),
    /// Behind a schedule and a custom resource.
    RotateKeys(rotate_keys::App),
}

const fn behind_routes<F: api::Function>() -> Function {
    Function {
        name: F::NAME,
        make: Make::Router(|environment| Ok(F::new(environment)?.router())),
    }
}

const fn alone<H: Handler>(start: fn(&Environment) -> Result<Started, ConfigError>) -> Function {
    Function {
        name: H::NAME,
        make: Make::Alone(start),
    }
}

impl Function {
    /// The function of this name.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let found = ALL.iter().find(|function| function.name == name);
        *found.unwrap_or_else(|| panic!("there is no function {name}"))
    }

    /// Starts the function.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if a variable is missing or wrong.
    pub fn start(&self, environment: &Environment) -> Result<Started, ConfigError> {
        match self.make {
            Make::Router(router) => {
                let door = Door::new(router(environment)?, environment.edge()?);
                Ok(Started::Behind(door))
            }
            Make::Alone(start) => start(environment),
        }
    }

    /// The function's routes, or an empty router if it has none.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if a variable is missing or wrong.
    pub fn router(&self, environment: &Environment) -> Result<Router, ConfigError> {
        match self.make {
            Make::Router(router) => router(environment),
            Make::Alone(_) => Ok(Router::new()),
        }
    }
}

impl Started {
    /// Invokes the function, as its `main` has it invoked.
    ///
    /// # Errors
    ///
    /// The text of the error, which Lambda would get.
    pub async fn invoke(&self, event: &RawValue, invocation: Context) -> Result<Value, String> {
        match self {
            Self::Behind(door) => Ok(json(door.answer(event, invocation).await)),
            Self::Authorizer(app) => handled(app, event, &invocation).await,
            Self::Mailer(app) => handled(app, event, &invocation).await,
            Self::RotateKeys(app) => handled(app, event, &invocation).await,
        }
    }
}

async fn handled<H: Handler>(
    app: &H,
    event: &RawValue,
    invocation: &Context,
) -> Result<Value, String> {
    let answer = api::invoke(app, event, invocation).await;
    answer.map(json).map_err(|failure| failure.to_string())
}

fn json(answer: impl Serialize) -> Value {
    serde_json::to_value(answer).expect("an answer is JSON")
}

/// The whole API: the routes of every function, merged. An unknown path gets the answer that each
/// function gives to it.
///
/// # Errors
///
/// [`ConfigError`] if a variable is missing or wrong.
pub fn router(environment: &Environment) -> Result<Router, ConfigError> {
    // Without the empty routers: the last of those that are merged answers unknown paths.
    let behind_routes = |function: &&Function| matches!(function.make, Make::Router(_));
    let mut functions = ALL.iter().filter(behind_routes);
    functions.try_fold(Router::new(), |api, function| {
        Ok(api.merge(function.router(environment)?))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;
    use crate::Template;

    #[test]
    fn the_functions_are_those_of_the_template() {
        let deployed = Template::with_mail().functions().into_iter();
        let deployed: BTreeSet<_> = deployed.map(|function| function.name).collect();
        let listed = ALL.iter().map(|function| function.name.to_owned());
        assert_eq!(listed.collect::<BTreeSet<_>>(), deployed);
    }
}
