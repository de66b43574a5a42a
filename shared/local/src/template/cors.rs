//! The CORS configuration of the template.

use yaml_serde::Value;

use super::Template;
use super::values::{list, text};

/// The CORS configuration of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorsRules {
    /// The methods that a preflight allows.
    pub methods: Vec<String>,
    /// The headers of a request that a preflight allows.
    pub headers: Vec<String>,
    /// The headers of an answer that a page may read.
    pub exposed: Vec<String>,
    /// The time for which the answer to a preflight may be cached, in seconds.
    pub max_age: Option<u64>,
    /// Whether a page may send the browser's own credentials.
    pub credentials: bool,
}

impl Template {
    /// The CORS of the API, but for its origins, which are a parameter.
    ///
    /// # Panics
    ///
    /// Where the template has no CORS, or has it in another form.
    #[must_use]
    pub fn cors(&self) -> CorsRules {
        let api = self.resources("AWS::Serverless::HttpApi").next();
        let (_, properties) = api.expect("the template has an API");
        let cors = &properties["DefinitionBody"]["x-amazon-apigateway-cors"];
        let cors = match cors {
            // The condition, what counts where it is met, and what counts elsewhere.
            Value::Tagged(tagged) if tagged.tag == "If" => &tagged.value[1],
            other => other,
        };
        let words = |name: &str| list(&cors[name]).into_iter().map(text).collect();
        let methods: Vec<_> = words("allowMethods");
        assert!(!methods.is_empty(), "the template's CORS allows no method");
        CorsRules {
            methods,
            headers: words("allowHeaders"),
            exposed: words("exposeHeaders"),
            max_age: cors["maxAge"].as_u64(),
            credentials: cors["allowCredentials"].as_bool() == Some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cors_of_a_template_is_read() {
        let template = |credentials: &str| {
            Template::parse(&format!(
                "Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      DefinitionBody:
        x-amazon-apigateway-cors: !If
          - CorsIsAllowed
          - allowOrigins: !Ref CorsAllowOrigins
            allowMethods: [GET, POST]
            allowHeaders: [authorization]
            exposeHeaders: [retry-after]
            maxAge: 600
            {credentials}
          - !Ref AWS::NoValue
"
            ))
        };
        let rules = CorsRules {
            methods: vec!["GET".to_owned(), "POST".to_owned()],
            headers: vec!["authorization".to_owned()],
            exposed: vec!["retry-after".to_owned()],
            max_age: Some(600),
            credentials: true,
        };
        assert_eq!(template("allowCredentials: true").cors(), rules);
        let rules = CorsRules {
            credentials: false,
            ..rules
        };
        assert_eq!(template("").cors(), rules);
    }
}
