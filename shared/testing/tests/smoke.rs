//! `xtask/package/smoke.sh`, which uses a deployment as a new user does, against the API on loopback.

#![cfg(test)]

use std::process::{Command, Output};

use api::{Door, Edge};
use local::gateway::{Cors, Functions, Gateway, Listener, Site};
use local::{Template, workspace};
use testing::Stack;

const ORIGIN: &str = "https://app.example.com";

/// A deployment behind a port, and its address.
struct Deployment {
    stack: Stack,
    issuer: String,
}

impl Deployment {
    async fn start(variables: &[(&str, &str)]) -> Self {
        Self::without("", variables).await
    }

    /// A deployment that lacks a route.
    async fn without(path: &str, variables: &[(&str, &str)]) -> Self {
        let listener = Listener::bind(0).await.unwrap();
        let issuer = format!("http://127.0.0.1:{}", listener.port());
        let mut all = vec![("ISSUER_URL", issuer.as_str())];
        all.extend(variables);
        let stack = Stack::start_with(&all).await;
        let template = Template::load();
        let cors = Cors::of(&template, &[ORIGIN.to_owned()]).unwrap();
        let mut routes = template.routes();
        routes.retain(|route| route.path != path);
        let site = Site {
            domain_name: "127.0.0.1".to_owned(),
            scheme: "http",
            port: listener.port(),
        };
        let functions = Functions::Merged(Door::new(stack.router(), Edge::default()));
        tokio::spawn(listener.serve(Gateway::with(routes, cors, site), functions));
        Self { stack, issuer }
    }

    /// Runs the script, which must leave no account and no file behind.
    async fn smoke(&self, arguments: &[&str]) -> Output {
        let temporary = tempfile::tempdir().unwrap();
        let mut smoke = Command::new("sh");
        smoke
            .arg(workspace().join("xtask/package/smoke.sh"))
            .args(arguments)
            .env("TMPDIR", temporary.path());
        let ended = tokio::task::spawn_blocking(move || smoke.output());
        let ended = ended.await.unwrap().unwrap();
        assert_eq!(self.stack.items("UsersTable").await, []);
        assert_eq!(temporary.path().read_dir().unwrap().count(), 0);
        ended
    }
}

fn lines(text: &[u8]) -> Vec<&str> {
    std::str::from_utf8(text).unwrap().lines().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deployment_that_works_passes() {
    let deployment = Deployment::start(&[]).await;
    let smoke = deployment.smoke(&[&deployment.issuer, ORIGIN]).await;
    assert!(smoke.status.success(), "{smoke:?}");
    let expected = [
        "GET / 200",
        "GET /.well-known/openid-configuration 200",
        "GET /.well-known/jwks.json 200",
        "OPTIONS /me for https://app.example.com",
        "POST /register 201",
        "POST /login 200",
        "GET /protected 200",
        "POST /refresh 200",
        "GET /protected 200",
        "POST /login 200",
        "DELETE /me 204",
        "GET /protected 401",
        "POST /login 401",
        "the deployment works",
    ];
    assert_eq!(lines(&smoke.stdout), expected);
    assert_eq!(lines(&smoke.stderr), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_registration_is_said_and_is_no_failure() {
    let deployment = Deployment::start(&[("REGISTRATION_MODE", "closed")]).await;
    let smoke = deployment.smoke(&[&deployment.issuer]).await;
    assert!(smoke.status.success(), "{smoke:?}");
    let last = "registration is closed: nobody has logged in";
    assert_eq!(lines(&smoke.stdout).last(), Some(&last));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_fails_fails_and_the_account_is_deleted() {
    for (route, reason) in [
        (
            "/refresh",
            "POST /refresh was answered with 404 and not with 200: Not Found",
        ),
        (
            "/protected",
            "GET /protected was answered with 404 and not with 200: Not Found",
        ),
    ] {
        let deployment = Deployment::without(route, &[]).await;
        let smoke = deployment.smoke(&[&deployment.issuer]).await;
        assert_eq!(smoke.status.code(), Some(1), "{smoke:?}");
        assert_eq!(lines(&smoke.stderr), [reason]);
        assert_eq!(lines(&smoke.stdout).last(), Some(&"DELETE /me 204"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_issuer_or_origin_fails_before_anybody_registers() {
    let deployment = Deployment::start(&[]).await;
    let issuer = deployment.issuer.replace("127.0.0.1", "localhost");
    let smoke = deployment.smoke(&[&issuer]).await;
    assert_eq!(smoke.status.code(), Some(1), "{smoke:?}");
    let reason = format!("the issuer is {} and not {issuer}", deployment.issuer);
    assert_eq!(lines(&smoke.stderr), [reason]);

    let other = "https://other.example.com";
    let smoke = deployment.smoke(&[&deployment.issuer, other]).await;
    assert_eq!(smoke.status.code(), Some(1), "{smoke:?}");
    let reason = format!("pages of {other} may not call the API");
    assert_eq!(lines(&smoke.stderr), [reason]);
    assert!(
        !lines(&smoke.stdout)
            .iter()
            .any(|line| line.contains("/register"))
    );
}
