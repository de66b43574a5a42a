//! Calls to DynamoDB that fail, at each route of mail.

use axum::http::Method;
use serde_json::json;
use testing::wire::Fault;
use testing::{Client, OTHER_PASSWORD, PASSWORD};

use crate::shown::Course;

const OPERATIONS: [&str; 4] = ["GetItem", "PutItem", "UpdateItem", "TransactWriteItems"];

pub(crate) async fn run(course: &mut Course) {
    let refused = Fault::Refused(400, "AccessDeniedException");
    let before = course.errors.len();
    for (fault, operations) in [
        (&refused, &OPERATIONS[..]),
        (&Fault::LostAnswer, &OPERATIONS[..]),
        (&Fault::Canceled("ValidationError"), &["TransactWriteItems"]),
    ] {
        for operation in operations {
            routes(course, operation, fault).await;
        }
    }
    let failed = course.errors[before..].iter();
    let failed = failed.filter(|answer| answer.status >= 500);
    let failed = failed.count();
    assert!(failed > 10, "{failed}");
}

/// Calls each route, with the ticket that it takes, while an operation fails.
async fn routes(course: &mut Course, operation: &str, fault: &Fault) {
    let number = course.errors.len();
    let name = format!("fault{number}");
    let address = format!("{name}@example.com");
    let from = format!("203.0.113.{}", number % 250);
    let confirmed = course.confirmed.at_address(&from);
    let api = course.stack.api().at_address(&from);

    let asked = course.take(
        confirmed
            .post("/register", &json!({ "email": address }))
            .await,
        202,
    );
    let letter = course.letter(&address, "signup").await;
    let shown = json!({
        "ticket": asked["ticket"], "code": letter.code, "username": name, "password": PASSWORD,
    });
    broken(course, operation, fault);
    let answer = confirmed.post("/register/confirm", &shown).await;
    course.keep(answer);
    course.stack.wire.mend();
    let link = json!({ "ticket": letter.ticket(), "username": name, "password": PASSWORD });
    let answer = confirmed.post("/register/confirm", &link).await;
    course.keep(answer);
    let login = api.login(&name, PASSWORD).await;
    assert_eq!(login.status, 200, "{operation} {fault:?}");
    let session = api.session(login);

    let forgotten = json!({ "email": address });
    course.take(api.post("/forgot-password", &forgotten).await, 202);
    let reset = course.letter(&address, "reset").await;
    for (path, body) in [
        ("/register", json!({ "email": format!("other-{address}") })),
        ("/forgot-password", forgotten),
    ] {
        broken(course, operation, fault);
        let client = if path == "/register" {
            &confirmed
        } else {
            &api
        };
        let answer = client.post(path, &body).await;
        course.keep(answer);
        course.stack.wire.mend();
    }
    broken(course, operation, fault);
    let other = json!({ "email": format!("new-{address}") });
    let answer = session.put("/me/email", &other).await;
    course.keep(answer);
    course.stack.wire.mend();
    broken(course, operation, fault);
    page(course, &api, (&address, reset.ticket())).await;
    course.stack.wire.mend();
    broken(course, operation, fault);
    let link = json!({ "ticket": reset.ticket(), "password": OTHER_PASSWORD });
    let answer = api.post("/reset-password", &link).await;
    course.keep(answer);
    course.stack.wire.mend();
}

fn broken(course: &Course, operation: &str, fault: &Fault) {
    course.stack.wire.fail(operation, fault, 2);
}

/// Opens the page of a link.
async fn page(course: &mut Course, api: &Client, (address, ticket): (&str, &str)) {
    let path = format!("/reset-password?ticket={ticket}");
    let page = api.send(Method::GET, &path, &[], b"").await;
    if page.status >= 400 {
        let kept = (address.to_owned(), ticket.to_owned(), page);
        course.pages.push(kept);
    }
}
