//! The path and the query of a request, decoded.

use std::collections::BTreeMap;

use axum::http::Uri;
use percent_encoding::percent_decode_str;

/// The path, decoded: [API Gateway decodes URL-encoded request parameters before passing them to
/// your backend
/// integration](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
/// The page does not say whether a route is found by the decoded path; here it is, so that gateway
/// and function read one path. What is not UTF-8 is replaced.
pub(super) fn path(uri: &Uri) -> String {
    let decoded = percent_decode_str(uri.path()).decode_utf8_lossy();
    decoded.into_owned()
}

/// The parameters of the query, decoded: [duplicate query strings are combined with
/// commas](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
pub(super) fn parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::<String, String>::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        parameters
            .entry(name.into_owned())
            .and_modify(|values| {
                values.push(',');
                values.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    parameters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded() {
        for (uri, expected) in [
            ("/a", "/a"),
            ("/a%20b/%C3%A9?c", "/a b/é"),
            ("/a%2Fb/..", "/a/b/.."),
            ("/%ff", "/\u{fffd}"),
            ("/%zz", "/%zz"),
        ] {
            assert_eq!(path(&uri.parse().unwrap()), expected, "{uri}");
        }
    }

    #[test]
    fn parameters_of_one_name_are_joined_by_commas() {
        let read = parameters("a=1&b=x%2Cy&a=2+3&c&=d");
        let expected = [("", "d"), ("a", "1,2 3"), ("b", "x,y"), ("c", "")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read, BTreeMap::from(expected));
    }
}
