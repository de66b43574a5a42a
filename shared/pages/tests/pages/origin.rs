//! The rule of the same origin, in front of a handler.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::from_fn;
use axum::routing::any;
use pages::SameOrigin;
use tower::ServiceExt;

const FORM: &str = "application/x-www-form-urlencoded";

async fn status(issuer: Option<&str>, method: &str, headers: &[(&str, &str)]) -> u16 {
    let rule = SameOrigin::new(issuer).unwrap();
    let check = move |request, next| rule.clone().check(request, next, StatusCode::IM_A_TEAPOT);
    let router = Router::new()
        .route("/x", any(|| async {}))
        .layer(from_fn(check));
    let mut request = Request::builder()
        .method(method)
        .uri("/x")
        .header("host", "api.example.com");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    router.oneshot(request).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_form_comes_from_the_same_origin_or_from_no_page() {
    let form = ("content-type", FORM);
    for (headers, expected) in [
        (vec![form], 200),
        (vec![form, ("sec-fetch-site", "same-origin")], 200),
        (vec![form, ("sec-fetch-site", "none")], 200),
        (vec![form, ("sec-fetch-site", "same-site")], 418),
        (vec![form, ("sec-fetch-site", "cross-site")], 418),
        (vec![form, ("origin", "https://api.example.com")], 200),
        (vec![form, ("origin", "https://evil.example.com")], 418),
        (vec![form, ("origin", "null")], 418),
        (vec![("sec-fetch-site", "cross-site")], 418),
        (
            vec![
                ("content-type", "text/plain"),
                ("sec-fetch-site", "cross-site"),
            ],
            418,
        ),
        (
            vec![
                ("content-type", "text/plain;application/json"),
                ("sec-fetch-site", "cross-site"),
            ],
            418,
        ),
    ] {
        assert_eq!(
            status(None, "POST", &headers).await,
            expected,
            "{headers:?}"
        );
    }
    assert_eq!(
        status(None, "GET", &[("sec-fetch-site", "cross-site")]).await,
        200
    );
}

#[tokio::test]
async fn json_keeps_to_the_origins_of_the_gateway() {
    let headers = [
        ("content-type", "Application/JSON; charset=utf-8"),
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://app.example.com"),
    ];
    assert_eq!(status(None, "POST", &headers).await, 200);
}

#[tokio::test]
async fn behind_an_edge_the_pinned_issuer_is_the_origin() {
    let edge = "https://id.example.com/base";
    let headers = [("content-type", FORM), ("origin", "https://id.example.com")];
    assert_eq!(status(None, "POST", &headers).await, 418);
    assert_eq!(status(Some(edge), "POST", &headers).await, 200);
    assert!(SameOrigin::new(Some("id.example.com")).is_err());
}
