//! CORS, as an HTTP API answers it.

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use regex_lite::Regex;

use crate::template::{CorsRules, Template};

/// [CORS of an HTTP
/// API](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html): which
/// pages of other origins may read what, and what preflights are answered.
#[derive(Clone, Debug)]
pub struct Cors {
    rules: CorsRules,
    origins: Vec<String>,
}

impl Cors {
    /// CORS for these origins, as the template configures it. Nothing where there are none: then it
    /// is not configured.
    ///
    /// # Errors
    ///
    /// A sentence, if the template's parameter `CorsAllowOrigins` does not take one of them.
    pub fn of(template: &Template, origins: &[String]) -> Result<Option<Self>, String> {
        let member = |member| {
            let text = template.parameter("CorsAllowOrigins", member);
            text.ok_or_else(|| format!("the parameter CorsAllowOrigins has no {member}"))
        };
        let pattern = Regex::new(&member("AllowedPattern")?)
            .map_err(|error| format!("the pattern of CorsAllowOrigins is invalid: {error}"))?;
        for origin in origins {
            if origin.is_empty() || !pattern.is_match(origin) {
                let description = member("ConstraintDescription")?;
                return Err(format!(
                    "{origin:?} is no origin; the template takes {description}"
                ));
            }
        }
        if origins.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            rules: template.cors(),
            origins: origins.to_vec(),
        }))
    }

    /// The answer to a preflight that no route takes: [the gateway answers
    /// them](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html), with
    /// headers of CORS only where `Origin` and `Access-Control-Request-Method` are there. An origin
    /// that is not allowed gets none, and no `OPTIONS` without a route is refused: the page does
    /// not say so, it is reported. The browser compares the method and the headers.
    pub(super) fn preflight(&self, asked: &HeaderMap) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        if asked.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
            && let Some(origin) = self.allowed(asked)
        {
            let headers = response.headers_mut();
            self.allow(origin, headers);
            list(headers, ACCESS_CONTROL_ALLOW_METHODS, &self.rules.methods);
            list(headers, ACCESS_CONTROL_ALLOW_HEADERS, &self.rules.headers);
            if let Some(seconds) = self.rules.max_age {
                headers.insert(ACCESS_CONTROL_MAX_AGE, seconds.into());
            }
        }
        response
    }

    /// Puts the headers of CORS on a function's answer: [those that it has itself are
    /// ignored](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html),
    /// and a request without `Origin` gets none. The gateway's own refusals have none either: the
    /// page speaks of the answers of integrations.
    pub(super) fn apply(&self, asked: &HeaderMap, answered: &mut HeaderMap) {
        let is_of_cors = |name: &&HeaderName| name.as_str().starts_with("access-control-");
        let own: Vec<_> = answered.keys().filter(is_of_cors).cloned().collect();
        for name in own {
            answered.remove(name);
        }
        if let Some(origin) = self.allowed(asked) {
            self.allow(origin, answered);
            list(answered, ACCESS_CONTROL_EXPOSE_HEADERS, &self.rules.exposed);
        }
    }

    /// Returns the `Access-Control-Allow-Origin` for the origin of a request: `*`, or the origin
    /// itself.
    fn allowed(&self, asked: &HeaderMap) -> Option<HeaderValue> {
        let origin = asked.get(ORIGIN)?;
        let text = origin.to_str().ok()?;
        if self.origins.iter().any(|allowed| allowed == "*") {
            return Some(HeaderValue::from_static("*"));
        }
        let is_allowed = |allowed: &String| match allowed.strip_suffix("://*") {
            Some(scheme) => text
                .split_once("://")
                .is_some_and(|(given, _)| given == scheme),
            None => allowed == text,
        };
        self.origins.iter().any(is_allowed).then(|| origin.clone())
    }

    fn allow(&self, origin: HeaderValue, headers: &mut HeaderMap) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.rules.credentials {
            let yes = HeaderValue::from_static("true");
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
        }
    }
}

fn list(headers: &mut HeaderMap, name: HeaderName, words: &[String]) {
    if !words.is_empty() {
        let words = HeaderValue::try_from(words.join(","));
        headers.insert(
            name,
            words.expect("the template has names of headers and methods"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://app.example.com";

    fn cors(origins: &[&str], credentials: bool) -> Cors {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Cors {
            rules: CorsRules {
                methods: words(&["GET", "POST"]),
                headers: words(&["authorization", "content-type"]),
                exposed: words(&["retry-after"]),
                max_age: Some(600),
                credentials,
            },
            origins: words(origins),
        }
    }

    fn asked(origin: &str, method: Option<&str>) -> HeaderMap {
        let method = method.map(|method| (ACCESS_CONTROL_REQUEST_METHOD, method));
        let headers = [(ORIGIN, origin)].into_iter().chain(method);
        headers
            .map(|(name, value)| (name, value.parse().unwrap()))
            .collect()
    }

    /// The headers as lines.
    fn lines(headers: &HeaderMap) -> Vec<String> {
        let lines = headers.iter();
        let lines = lines.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        let mut lines: Vec<_> = lines.collect();
        lines.sort();
        lines
    }

    #[test]
    fn a_preflight_is_answered_with_what_is_configured() {
        let response = cors(&[PAGE], false).preflight(&asked(PAGE, Some("DELETE")));
        assert_eq!(response.status(), 204);
        let expected = [
            "access-control-allow-headers: authorization,content-type",
            "access-control-allow-methods: GET,POST",
            "access-control-allow-origin: https://app.example.com",
            "access-control-max-age: 600",
        ];
        assert_eq!(lines(response.headers()), expected);
    }

    #[test]
    fn what_is_no_preflight_gets_no_headers() {
        let cors = cors(&[PAGE], false);
        let method = [(ACCESS_CONTROL_REQUEST_METHOD, "GET".parse().unwrap())];
        for asked in [
            asked(PAGE, None),
            method.into_iter().collect(),
            HeaderMap::new(),
        ] {
            let response = cors.preflight(&asked);
            assert_eq!(
                (response.status().as_u16(), response.headers().len()),
                (204, 0)
            );
        }
    }

    #[test]
    fn an_origin_that_is_not_allowed_gets_no_headers() {
        let cors = cors(&[PAGE, "http://localhost:8080"], true);
        for origin in [
            "https://evil.example.com",
            "http://app.example.com",
            "https://app.example.com:8443",
            "https://app.example.com.evil.com",
            "http://localhost",
            "null",
            "",
        ] {
            let response = cors.preflight(&asked(origin, Some("GET")));
            assert_eq!(lines(response.headers()), [""; 0], "{origin}");
            let mut answered = HeaderMap::new();
            cors.apply(&asked(origin, None), &mut answered);
            assert_eq!(lines(&answered), [""; 0], "{origin}");
        }
    }

    #[test]
    fn an_answer_gets_the_gateway_s_headers_and_keeps_none_of_its_own() {
        let own = || {
            let own = [
                ("access-control-allow-origin", "*"),
                ("access-control-allow-private-network", "true"),
                ("x-own", "1"),
            ];
            let own = own.map(|(name, value)| {
                let name = HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            });
            own.into_iter().collect::<HeaderMap>()
        };
        let cors = cors(&[PAGE], false);
        let mut answered = own();
        cors.apply(&asked(PAGE, None), &mut answered);
        let expected = [
            "access-control-allow-origin: https://app.example.com",
            "access-control-expose-headers: retry-after",
            "x-own: 1",
        ];
        assert_eq!(lines(&answered), expected);
        let mut answered = own();
        cors.apply(&HeaderMap::new(), &mut answered);
        assert_eq!(lines(&answered), ["x-own: 1"]);
    }

    #[test]
    fn credentials_are_allowed_where_they_are_configured() {
        let mut answered = HeaderMap::new();
        cors(&[PAGE], true).apply(&asked(PAGE, None), &mut answered);
        assert_eq!(answered[ACCESS_CONTROL_ALLOW_CREDENTIALS], "true");
    }

    #[test]
    fn a_star_allows_every_origin_and_one_behind_a_scheme_those_of_the_scheme() {
        for (configured, origin, expected) in [
            ("*", "http://a", Some("*")),
            ("https://*", "https://a", Some("https://a")),
            ("https://*", "http://a", None),
            ("http://*", "http://a:1", Some("http://a:1")),
            ("http://*", "https://a", None),
        ] {
            let mut answered = HeaderMap::new();
            cors(&[configured], false).apply(&asked(origin, None), &mut answered);
            let allowed = answered.get(ACCESS_CONTROL_ALLOW_ORIGIN);
            let expected = expected.map(HeaderValue::from_static);
            assert_eq!(allowed, expected.as_ref(), "{configured} {origin}");
        }
    }

    #[test]
    fn origins_are_those_that_the_template_takes() {
        let template = Template::load();
        let of = |origins: &[&str]| {
            let origins: Vec<_> = origins.iter().map(|&origin| origin.to_owned()).collect();
            Cors::of(&template, &origins)
        };
        assert!(of(&[]).unwrap().is_none());
        let cors = of(&[PAGE, "http://localhost:8080"]).unwrap().unwrap();
        assert_eq!(cors.rules, template.cors());
        for origin in ["", "app.example.com", "https://app.example.com/", "null"] {
            let error = of(&[PAGE, origin]).unwrap_err();
            assert!(error.contains("origins such as https://"), "{error}");
        }
    }
}
