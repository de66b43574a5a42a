//! The route of a request, by AWS's rule.

use std::collections::BTreeMap;

use axum::http::Method;

use crate::template::Route;

/// The routes of an API, which takes of those that match [the most
/// specific](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation):
/// a full match before one by a greedy variable (`{proxy+}`), and that before `$default`; a route
/// of the method before one of `ANY`.
///
/// The page does not say which of two full matches is the more specific: here the one with the
/// first literal segment where they differ, then the one of the method. A slash at the end makes
/// another path, and a variable takes no empty segment: so it is reported.
#[derive(Clone, Debug)]
pub(super) struct Routes(Vec<Known>);

#[derive(Clone, Debug)]
struct Known {
    key: String,
    method: String,
    pattern: Vec<Segment>,
    function: String,
}

/// A segment of a route's path, the more specific kinds first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Variable(String),
    Greedy(String),
    Default,
}

/// The rank of a match: the lowest is the most specific, and is taken.
type Rank = (u8, Vec<u8>, bool);

/// The route that takes a request.
#[derive(Debug)]
pub(super) struct Found<'a> {
    /// The `routeKey`.
    pub(super) key: &'a str,
    /// The function behind it.
    pub(super) function: &'a str,
    /// The values of the path's variables.
    pub(super) variables: BTreeMap<&'a str, String>,
}

impl Routes {
    pub(super) fn of(routes: Vec<Route>) -> Self {
        Self(routes.into_iter().map(Known::of).collect())
    }

    /// The route of a method and a decoded path.
    pub(super) fn find(&self, method: &Method, path: &str) -> Option<Found<'_>> {
        let routes = self.0.iter().filter(|route| route.takes(method));
        let matching = routes.filter_map(|route| Some((route, route.variables(path)?)));
        let (route, variables) = matching.min_by_key(|(route, _)| route.rank())?;
        Some(Found {
            key: &route.key,
            function: &route.function,
            variables,
        })
    }
}

impl Known {
    fn of(route: Route) -> Self {
        let method = route.method.to_ascii_uppercase();
        if route.path == "$default" {
            return Self {
                key: route.path,
                method: "ANY".to_owned(),
                pattern: vec![Segment::Default],
                function: route.function,
            };
        }
        let segments = route.path.trim_start_matches('/').split('/');
        Self {
            key: format!("{method} {}", route.path),
            method,
            pattern: segments.map(Segment::of).collect(),
            function: route.function,
        }
    }

    fn takes(&self, method: &Method) -> bool {
        self.method == "ANY" || self.method == method.as_str()
    }

    fn rank(&self) -> Rank {
        let kinds: Vec<_> = self.pattern.iter().map(Segment::kind).collect();
        let widest = kinds.last().map_or(0, |last| last.saturating_sub(1));
        (widest, kinds, self.method == "ANY")
    }

    /// The values of the variables, where the path is of this route.
    fn variables(&self, path: &str) -> Option<BTreeMap<&str, String>> {
        let mut variables = BTreeMap::new();
        let mut rest = path.strip_prefix('/').map(|rest| rest.split('/'));
        for segment in &self.pattern {
            match segment {
                Segment::Default => return Some(variables),
                Segment::Literal(text) => {
                    rest.as_mut()?.next().filter(|given| given == text)?;
                }
                Segment::Variable(name) => {
                    let value = rest.as_mut()?.next().filter(|given| !given.is_empty())?;
                    variables.insert(name.as_str(), value.to_owned());
                }
                Segment::Greedy(name) => {
                    let value = rest.take()?.collect::<Vec<_>>().join("/");
                    variables.insert(
                        name.as_str(),
                        Some(value).filter(|value| !value.is_empty())?,
                    );
                    return Some(variables);
                }
            }
        }
        rest?.next().is_none().then_some(variables)
    }
}

impl Segment {
    fn of(text: &str) -> Self {
        let name = text
            .strip_prefix('{')
            .and_then(|text| text.strip_suffix('}'));
        match name {
            None => Self::Literal(text.to_owned()),
            Some(name) => match name.strip_suffix('+') {
                Some(name) => Self::Greedy(name.to_owned()),
                None => Self::Variable(name.to_owned()),
            },
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Literal(_) => 0,
            Self::Variable(_) => 1,
            Self::Greedy(_) => 2,
            Self::Default => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(keys: &[&str], method: &str, path: &str) -> Option<String> {
        let routes = keys.iter().map(|key| {
            let (method, path) = key.split_once(' ').unwrap_or(("ANY", key));
            Route {
                path: path.to_owned(),
                method: method.to_owned(),
                function: (*key).to_owned(),
            }
        });
        let routes = Routes::of(routes.collect());
        let found = routes.find(&method.parse().unwrap(), path)?;
        assert_eq!(found.key, found.function);
        Some(found.key.to_owned())
    }

    /// The example on AWS's page, with the routes in another order.
    #[test]
    fn the_most_specific_route_takes_a_request() {
        let routes = [
            "$default",
            "ANY /{proxy+}",
            "GET /pets/{proxy+}",
            "GET /pets/dog/{id}",
            "GET /pets/dog/1",
        ];
        for (method, path, expected) in [
            ("GET", "/pets/dog/1", "GET /pets/dog/1"),
            ("GET", "/pets/dog/2", "GET /pets/dog/{id}"),
            ("GET", "/pets/cat/1", "GET /pets/{proxy+}"),
            ("POST", "/test/5", "ANY /{proxy+}"),
            ("GET", "/", "$default"),
        ] {
            let found = found(&routes, method, path);
            assert_eq!(found.as_deref(), Some(expected), "{method} {path}");
        }
    }

    #[test]
    fn a_full_match_comes_before_a_longer_prefix() {
        let routes = ["GET /a/{proxy+}", "GET /{x}/b"];
        assert_eq!(found(&routes, "GET", "/a/b").unwrap(), "GET /{x}/b");
        assert_eq!(found(&routes, "GET", "/a/c").unwrap(), "GET /a/{proxy+}");
    }

    #[test]
    fn any_takes_the_methods_that_its_path_does_not_have() {
        let routes = ["ANY /a", "GET /a", "GET /{x}"];
        for (method, expected) in [("GET", "GET /a"), ("POST", "ANY /a"), ("OPTIONS", "ANY /a")] {
            assert_eq!(found(&routes, method, "/a").unwrap(), expected);
        }
        assert_eq!(found(&["GET /a", "DELETE /a"], "HEAD", "/a"), None);
        assert_eq!(found(&["GET /a"], "get", "/a"), None);
    }

    #[test]
    fn a_path_is_matched_as_a_whole() {
        let routes = ["GET /a/{x}", "GET /"];
        for (path, is_found) in [
            ("/", true),
            ("/a/1", true),
            ("/a", false),
            ("/a/", false),
            ("/a/1/", false),
            ("//", false),
            ("/A/1", false),
            ("//a/1", false),
            ("", false),
            ("*", false),
        ] {
            assert_eq!(found(&routes, "GET", path).is_some(), is_found, "{path:?}");
        }
        assert_eq!(found(&["GET /{proxy+}"], "GET", "/"), None);
    }

    #[test]
    fn variables_have_the_values_of_their_segments() {
        let route = |path: &str| Route {
            path: path.to_owned(),
            method: "get".to_owned(),
            function: "f".to_owned(),
        };
        let routes = Routes::of(vec![route("/a/{x}/b/{rest+}")]);
        let found = routes.find(&Method::GET, "/a/1/b/c/d").unwrap();
        assert_eq!(found.key, "GET /a/{x}/b/{rest+}");
        let expected = [("rest", "c/d".to_owned()), ("x", "1".to_owned())];
        assert_eq!(found.variables, BTreeMap::from(expected));
    }
}
