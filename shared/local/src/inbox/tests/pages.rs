//! The pages, as a browser asks for them.

use super::*;

#[tokio::test]
async fn the_list_names_the_newest_first_and_trusts_no_mail() {
    let served = Served::start().await;
    let (_, headers, empty) = served.get("/").await;
    assert!(empty.contains("There is no mail yet."));
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self';"),
        "{policy}"
    );
    assert_eq!(headers["cache-control"], "no-store");
    served.answer(&body()).await;
    served.send().send().await.unwrap();
    let (_, _, list) = served.get("/").await;
    let ids = served.inbox.mails();
    let place = |mail: &Mail| list.find(&format!("href=\"/mails/{}\"", mail.id)).unwrap();
    assert!(place(&ids[1]) < place(&ids[0]));
    assert!(list.contains("to ada@example.com") && !list.contains("<b>das"));
}

#[tokio::test]
async fn a_mail_is_shown_with_its_headers_its_text_and_its_html_in_a_sandbox() {
    let served = Served::start().await;
    served.send().send().await.unwrap();
    let path = format!("/mails/{}", served.inbox.mails()[0].id);
    let (_, _, page) = served.get(&path).await;
    for part in [
        "<dt>From</dt><dd>Latchkey &#60;no-reply@example.com&#62;</dd>",
        "<dt>Auto-Submitted</dt><dd>auto-generated</dd>",
        "<dt>Reply-To</dt><dd>help@example.com</dd>",
        "<a href=\"http://localhost:9000/a?ticket=b_1\"",
        "<code>12345678</code>",
        "<pre>Grüße: ",
        "sandbox=\"allow-popups allow-popups-to-escape-sandbox\"",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let (_, headers, html) = served.get(&format!("{path}/html")).await;
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(policy.contains("; sandbox allow-popups "), "{policy}");
    assert!(!policy.contains("script"), "{policy}");
    assert_eq!(
        html,
        HTML.replace("<head>", "<head><base target=\"_blank\">")
    );
    let (status, _, _) = served.get("/mails/none").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_name_of_another_machine_reads_nothing() {
    let served = Served::start().await;
    let port = served.url.rsplit_once(':').unwrap().1;
    for (host, expected) in [
        ("rebound.example.com", 421),
        ("localhost.example.com:9001", 421),
        ("localhost", 200),
        (&format!("[::1]:{port}"), 200),
        (&format!("127.0.0.1:{port}"), 200),
    ] {
        let request = reqwest::Client::new().get(&served.url).header("host", host);
        let status = request.send().await.unwrap().status();
        assert_eq!(status.as_u16(), expected, "{host}");
    }
}
