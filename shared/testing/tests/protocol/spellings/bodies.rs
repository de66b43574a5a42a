//! Members that a form and a JSON text write alike.

use axum::http::Method;
use testing::{Answer, Client, PASSWORD, Stack};

use super::Table;

async fn login(api: &Client, media_type: &str, body: &[u8]) -> Answer {
    let headers = [("content-type", media_type)];
    api.send(Method::POST, "/login", &headers, body).await
}

#[tokio::test]
async fn a_form_is_decoded_as_browsers_encode_it() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let plus = "one+two is 100% as good; or &more=";
    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
    assert_eq!(api.register("eve", plus).await.status, 201);
    let mut table = Table::of("form");
    for (form, status) in [
        ("username=ada&password=correct+horse+battery+staple", 200),
        (
            "username=ada&password=correct%20horse%20battery%20staple",
            200,
        ),
        ("username=ada&password=correct horse battery staple", 200),
        (
            "username=%61d%61&pass%77ord=correct+horse+battery+staple",
            200,
        ),
        ("&username=ada&&password=correct+horse+battery+staple&", 200),
        (
            "username=ada&email=&device_token=&password=correct+horse+battery+staple",
            200,
        ),
        (
            "username=+ada%0d%0a&password=correct+horse+battery+staple",
            200,
        ),
        (
            "username=ada&password=correct%2Bhorse%2Bbattery%2Bstaple",
            401,
        ),
        (
            "username=ada&password=correct%2520horse+battery+staple",
            401,
        ),
        (
            "username=ada&password=correct+horse+battery+staple%0d%0a",
            401,
        ),
        (
            "username=ada&password=%u0063orrect+horse+battery+staple",
            401,
        ),
        (
            "username=eve&password=one%2Btwo+is+100%25+as+good%3B+or+%26more%3D",
            200,
        ),
        (
            "username=eve&password=one%2btwo is 100% as good; or %26more=",
            200,
        ),
        (
            "username=eve&password=one+two+is+100%25+as+good%3B+or+%26more%3D",
            401,
        ),
        ("username=ada;password=correct+horse+battery+staple", 400),
        (
            "username=ada&password=correct+horse+battery+staple;x=1",
            401,
        ),
        ("username=ada&password=x&username=ada", 400),
        ("username=ada&password=x&user%6Eame=", 400),
        ("username=ada&password=", 400),
        ("username=ada&password", 400),
        ("username=&email=&password=x", 400),
        ("username[]=ada&password=x", 400),
        ("username=ada&password=x&unknown=", 400),
        ("username=ad%C0%E1&password=x", 400),
        ("username=ada&password=x&unknown=%ff", 400),
        ("\u{feff}username=ada&password=x", 400),
    ] {
        let media_type = "application/x-www-form-urlencoded";
        let answer = login(&api, media_type, form.as_bytes()).await;
        table.row("POST /login", form, &answer, status);
    }
}

#[tokio::test]
async fn a_json_text_has_escapes_blanks_and_a_byte_order_mark() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let password = "correct horse \u{1f40e} staple";
    assert_eq!(api.register("ada", password).await.status, 201);
    let rest = format!(r#""password":"{password}"}}"#);
    let mut table = Table::of("JSON");
    for (before, after, status) in [
        (r#"{"username":"ada","#, rest.as_str(), 200),
        (r#"{"username":"\u0061da","#, &rest, 200),
        (r#"{"user\u006Eame":"a\u0064a","#, &rest, 200),
        (r#"{"username":" ada\n","#, &rest, 200),
        ("\r\n\t {\n\"username\" : \"ada\" ,", &rest, 200),
        ("\u{feff}{\"username\":\"ada\",", &rest, 200),
        (r#"{"username":"ada","#, &format!("{rest} \r\n\t"), 200),
        (
            r#"{"username":"ada","#,
            r#""password":"correct horse \ud83d\uDC0E staple"}"#,
            200,
        ),
        (
            r#"{"username":"ada","#,
            r#""password":"correct\u0020horse 🐎 staple"}"#,
            200,
        ),
        (
            r#"{"username":"ada","#,
            r#""password":"correct horse \ufffd staple"}"#,
            401,
        ),
        (
            r#"{"username":"ada","#,
            r#""password":"correct horse \\ud83d\\udc0e staple"}"#,
            401,
        ),
        (
            r#"{"username":"ada","#,
            r#""password":"correct horse \ud83d staple"}"#,
            400,
        ),
        (
            r#"{"username":"ada","#,
            r#""password":"correct horse \udc0e\ud83d staple"}"#,
            400,
        ),
        (r#"{"username":"ada","username":"ada","#, &rest, 400),
        (r#"{"username":null,"username":"ada","#, &rest, 400),
        (r#"{"username":"ada","user\u006eame":"eve","#, &rest, 400),
        (r#"{"Username":"ada","#, &rest, 400),
        (r#"{"username":["ada"],"#, &rest, 400),
        (r#"{"username":{"$eq":"ada"},"#, &rest, 400),
        (r#"{"username":5,"#, &rest, 400),
        (
            r#"{"username":"ada","#,
            r#""password":123456789012345}"#,
            400,
        ),
        (r#"{"username":"ada","#, r#""password":true}"#, 400),
        (r#"{"username":'ada',"#, &rest, 400),
        (r#"{username:"ada","#, &rest, 400),
        (r#"{"username":"ada","#, r#""password":"x",}"#, 400),
        (r#"/**/{"username":"ada","#, &rest, 400),
        (r#"[{"username":"ada","#, &format!("{rest}]"), 400),
        (r#"{"username":"ada","#, &format!("{rest}\u{0}"), 400),
        (r#"{"username":"ada","#, &format!("{rest}\u{feff}"), 400),
    ] {
        let body = format!("{before}{after}");
        let answer = login(&api, "application/json", body.as_bytes()).await;
        table.row("POST /login", &body, &answer, status);
    }
    let body = format!(r#"{{"username":"ada",{rest}"#);
    let utf16: Vec<_> = body.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let answer = login(&api, "application/json", &utf16).await;
    table.row("POST /login", "UTF-16", &answer, 400);
}
