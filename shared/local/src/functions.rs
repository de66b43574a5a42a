//! Every function of this repository, to be called in this process instead of by Lambda.

use api::{ConfigError, Environment};
use axum::Router;

/// A function of the template.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// The name of its crate, its binary and, in another spelling, its resource in the template.
    pub name: &'static str,
    make: Make,
}

/// How a function is made of the variables and tables of an environment.
#[derive(Debug, Clone, Copy)]
enum Make {
    /// A function behind routes of the API.
    Router(fn(&Environment) -> Result<Router, ConfigError>),
    /// A function that something else invokes.
    Alone(fn(&Environment) -> Result<(), ConfigError>),
}

macro_rules! behind_routes {
    ($name:literal, $function:ident) => {
        Function {
            name: $name,
            make: Make::Router(|environment| {
                Ok($function::router($function::App::new(environment)?))
            }),
        }
    };
}

macro_rules! alone {
    ($name:literal, $function:ident) => {
        Function {
            name: $name,
            make: Make::Alone(|environment| $function::App::new(environment).map(drop)),
        }
    };
}

/// All functions. A test holds the list to template.yaml.
pub const ALL: [Function; 12] = [
    behind_routes!("account", account),
    behind_routes!("admin", admin),
    alone!("authorizer", authorizer),
    behind_routes!("discovery", discovery),
    behind_routes!("introspect", introspect),
    behind_routes!("login", login),
    behind_routes!("logout", logout),
    behind_routes!("protected", protected),
    behind_routes!("refresh", refresh),
    behind_routes!("register", register),
    behind_routes!("revoke", revoke),
    alone!("rotate-keys", rotate_keys),
];

impl Function {
    /// The function of this name.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let found = ALL.into_iter().find(|function| function.name == name);
        found.unwrap_or_else(|| panic!("there is no function {name}"))
    }

    /// Makes the function and drops it again.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if a variable is missing or wrong.
    pub fn start(&self, environment: &Environment) -> Result<(), ConfigError> {
        match self.make {
            Make::Router(router) => router(environment).map(drop),
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

/// The whole API: the routes of every function, merged. A path that none of them has is answered as each function answers it.
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
        let deployed = Template::load().functions().into_iter();
        let deployed: BTreeSet<_> = deployed.map(|function| function.name).collect();
        let listed = ALL.map(|function| function.name.to_owned());
        assert_eq!(BTreeSet::from(listed), deployed);
    }
}
