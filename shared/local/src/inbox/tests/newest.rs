//! The newest mail, as a program asks for it.

use super::*;

fn to(address: &str, text: &str) -> Value {
    let mut body = body();
    body["Destination"]["ToAddresses"] = json!([address]);
    body["Content"]["Simple"]["Body"]["Text"]["Data"] = json!(text);
    body
}

async fn ask(served: &Served, query: &str) -> Value {
    let (status, _, text) = served.get(&format!("/newest?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{query}: {text}");
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn it_is_the_newest_to_the_address_with_a_link_to_the_page() {
    let served = Served::start().await;
    for (address, text) in [
        (
            "ada@example.com",
            "http://localhost/reset?ticket=old 1111 2222",
        ),
        (
            "ada@example.com",
            "http://localhost/reset?ticket=new 1234 5678",
        ),
        (
            "ada@example.com",
            "Your password is set: http://localhost/forgot",
        ),
        ("eve@example.com", "http://localhost/reset?ticket=hers"),
    ] {
        served.answer(&to(address, text)).await;
    }
    let reset = ask(&served, "to=Ada%40example.com&page=/reset").await;
    let link = "http://localhost/reset?ticket=new";
    assert_eq!(
        (&reset["link"], &reset["ticket"], &reset["code"]),
        (&json!(link), &json!("new"), &json!("12345678"))
    );
    let last = ask(&served, "to=ada@example.com").await;
    assert_eq!(
        (last.get("link"), &last["text"]),
        (
            None,
            &json!("Your password is set: http://localhost/forgot")
        )
    );
}

#[tokio::test]
async fn a_mail_that_has_yet_to_come_is_waited_for() {
    let served = Served::start().await;
    let address = "ada+test@example.com";
    let (newest, _) = tokio::join!(ask(&served, "to=ada+test@example.com"), async {
        tokio::time::sleep(LATER).await;
        served.answer(&to(address, "http://h/a?ticket=t")).await
    });
    assert_eq!(newest["ticket"], json!("t"));
}

/// Longer than the first look takes.
const LATER: std::time::Duration = std::time::Duration::from_millis(150);

#[tokio::test]
async fn a_query_that_names_no_address_or_something_else_is_refused() {
    let served = Served::start().await;
    for query in ["", "to=", "page=/reset", "to=a@example.com&path=/reset"] {
        let (status, _, text) = served.get(&format!("/newest?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
        assert!(text.starts_with("usage: /newest?to="), "{text}");
    }
}
