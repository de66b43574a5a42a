//! The pages that a mail leads to, and their forms.

use axum::http::Method;
use testing::{Answer, Client, OTHER_PASSWORD, PASSWORD};

use crate::addresses::wrong;
use crate::shown::Course;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

pub(crate) async fn run(course: &mut Course) {
    let api = course.confirmed.at_address("198.51.100.5");
    sign_up(course, &api).await;
    let api = course.api.at_address("198.51.100.6");
    reset(course, &api).await;
    opened(course, &api).await;
}

/// Sends a form, and keeps a page that says what is wrong with it.
async fn send(
    course: &mut Course,
    api: &Client,
    (path, address): (&str, &str),
    pairs: &[(&str, &str)],
) -> Answer {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    let body = form.finish();
    let page = api.send(Method::POST, path, &[FORM], body.as_bytes()).await;
    let mut filled_in: Vec<_> = pairs.iter().map(|(_, value)| *value).collect();
    filled_in.sort_unstable();
    keep(course, address, &filled_in.join("\n"), &page);
    page
}

fn keep(course: &mut Course, address: &str, filled_in: &str, page: &Answer) {
    assert!(
        page.header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    if page.status >= 400 {
        let kept = (address.to_owned(), filled_in.to_owned(), page.clone());
        course.pages.push(kept);
    }
}

/// The handle in the form that an answer shows.
fn handle(page: &Answer) -> String {
    let text = String::from_utf8_lossy(&page.body);
    let begin = text.find("latchkey_").unwrap();
    let of_ticket = |one: &char| one.is_ascii_alphanumeric() || "_-".contains(*one);
    text[begin..].chars().take_while(of_ticket).collect()
}

async fn sign_up(course: &mut Course, api: &Client) {
    let asking = ("/signup", "ivan@example.com");
    let page = send(course, api, asking, &[("email", "ivan@")]).await;
    assert_eq!(page.status, 400);
    let page = send(course, api, asking, &[("email", "ivan@example.com")]).await;
    assert_eq!(page.status, 202);
    let ticket = handle(&page);
    let letter = course.letter("ivan@example.com", "signup").await;
    let confirming = ("/signup/confirm", "ivan@example.com");
    let code = letter.code.as_deref().unwrap();
    for (code, name, password, status) in [
        (wrong(&letter), "ivan", PASSWORD, 400),
        (code, "ivan", "short", 400),
        (code, "bob", PASSWORD, 409),
        (code, "ivan", PASSWORD, 201),
        (code, "ivan", PASSWORD, 410),
    ] {
        let pairs = [
            ("ticket", &*ticket),
            ("code", code),
            ("username", name),
            ("password", password),
        ];
        let page = send(course, api, confirming, &pairs).await;
        assert_eq!(page.status, status, "{code} {name}");
    }
}

async fn reset(course: &mut Course, api: &Client) {
    let address = "ivan@example.com";
    let asking = ("/forgot-password", address);
    let page = send(course, api, asking, &[("email", "ivan")]).await;
    assert_eq!(page.status, 400);
    let page = send(course, api, asking, &[("email", address)]).await;
    assert_eq!(page.status, 202);
    let ticket = handle(&page);
    let letter = course.letter(address, "reset").await;
    let code = letter.code.as_deref().unwrap();
    for (ticket, code, password, status) in [
        (&*ticket, Some(wrong(&letter)), OTHER_PASSWORD, 400),
        (&*ticket, Some(code), "short", 400),
        (letter.ticket(), None, "short", 400),
        (&*ticket, Some(code), "ivan@example.com", 400),
        (letter.ticket(), None, OTHER_PASSWORD, 200),
        (letter.ticket(), None, OTHER_PASSWORD, 410),
    ] {
        let mut pairs = vec![("ticket", ticket), ("password", password)];
        pairs.extend(code.map(|code| ("code", code)));
        let page = send(course, api, ("/reset-password", address), &pairs).await;
        assert_eq!(page.status, status, "{code:?} {password}");
    }
    let headers = [FORM, ("sec-fetch-site", "cross-site")];
    let body = format!("ticket={}&password={OTHER_PASSWORD}", letter.ticket());
    let page = api.send(Method::POST, "/reset-password", &headers, body.as_bytes());
    let page = page.await;
    assert_eq!(page.status, 403);
    keep(course, address, "", &page);
}

/// Opens links: good ones, used ones, and those of another page.
async fn opened(course: &mut Course, api: &Client) {
    let letters = [
        ("ivan@example.com", "signup", 410),
        ("ivan@example.com", "reset", 410),
        ("bob@example.com", "email", 200),
    ];
    for (address, purpose, status) in letters {
        let letter = course.letter(address, purpose).await;
        let link = letter.link.as_deref().unwrap();
        let path = link.strip_prefix(&course.stack.issuer()).unwrap();
        let page = api.get(path, None).await;
        assert_eq!(page.status, status, "{purpose}");
        keep(course, address, letter.ticket(), &page);
        let (here, query) = path.split_once('?').unwrap();
        let other = if here == "/reset-password" {
            "/account/email"
        } else {
            "/reset-password"
        };
        let page = api.get(&format!("{other}?{query}"), None).await;
        assert!(
            (400..500).contains(&page.status),
            "{purpose} {}",
            page.status
        );
        keep(course, "", "", &page);
    }
}
