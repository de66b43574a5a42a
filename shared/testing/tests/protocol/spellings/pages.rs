//! Ids, cursors, limits and paths, and where a list ends.

use serde_json::{Value, json};
use testing::{PASSWORD, Session, Stack};

use super::Table;

#[tokio::test]
async fn an_id_has_a_case_and_one_form() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    let (own, id) = (
        stack.user("root").await.id,
        api.sign_up("ada").await.user_id(),
    );
    let mut table = Table::of("id");
    for (spelling, is_it) in [
        (id.clone(), true),
        (id.to_uppercase(), true),
        (format!("{}{}", id[..18].to_uppercase(), &id[18..]), true),
        (id.replace('-', ""), false),
        (id.replace('-', "_"), false),
        (format!("%7B{id}%7D"), false),
        (format!("urn:uuid:{id}"), false),
        (format!("{id}%20"), false),
        (format!("{id}%00"), false),
        (format!("+{id}"), false),
        (format!("0{id}"), false),
        (format!("{id}/"), false),
        (format!("{id};v=1"), false),
    ] {
        let answer = root.get(&format!("/admin/users/{spelling}")).await;
        let status = if is_it { 200 } else { 404 };
        table.row("GET /admin/users/{id}", &spelling, &answer, status);
        if is_it {
            assert_eq!(answer.json()["id"], json!(id));
        }
        let answer = root.delete(&format!("/me/sessions/{spelling}")).await;
        let status = if is_it { 204 } else { 404 };
        table.row("DELETE /me/sessions/{id}", &spelling, &answer, status);
        let answer = root.get(&format!("/admin/users?cursor={spelling}")).await;
        let status = if is_it { 200 } else { 400 };
        table.row("GET /admin/users?cursor=", &spelling, &answer, status);
        let plain = root.get(&format!("/admin/users?cursor={id}")).await;
        assert_eq!(answer.json() == plain.json(), is_it, "{spelling}");
    }
    // Another spelling of one's own id is one's own id.
    let own = own.to_string().to_uppercase();
    let path = format!("/admin/users/{own}");
    let answer = root.patch(&path, &json!({ "status": "disabled" })).await;
    table.row("PATCH /admin/users/{id}", &own, &answer, 403);
    let answer = root
        .put(&format!("{path}/roles"), &json!({ "roles": [] }))
        .await;
    table.row("PUT /admin/users/{id}/roles", &own, &answer, 403);
    let answer = root.delete(&format!("{path}/sessions")).await;
    table.row("DELETE /admin/users/{id}/sessions", &own, &answer, 403);
    let answer = root.delete(&path).await;
    table.row("DELETE /admin/users/{id}", &own, &answer, 403);
}

#[tokio::test]
async fn a_session_is_ended_by_its_id_in_either_case() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let id = stack.claims(&ada.access_token).sid.to_uppercase();
    let other = api.sign_in("ada").await;
    assert_eq!(
        other.delete(&format!("/me/sessions/{id}")).await.status,
        204
    );
    assert_eq!(ada.get("/me").await.status, 401);
}

#[tokio::test]
async fn a_path_has_one_spelling() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let mut table = Table::of("path");
    for (path, status) in [
        ("/me", 200),
        ("/me?", 200),
        ("/me?unknown=1", 200),
        ("/me/", 404),
        ("/ME", 404),
        ("//me", 404),
        ("/me;v=1", 404),
        ("/me/sessions/", 404),
        ("/.well-known/jwks.json/", 404),
        ("/.well-known/JWKS.json", 404),
    ] {
        table.row("GET", path, &ada.get(path).await, status);
    }
}

#[tokio::test]
async fn a_limit_is_digits_and_a_parameter_is_given_once() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    for n in 0..5 {
        api.register(&format!("person{n}"), PASSWORD).await;
    }
    let mut table = Table::of("limit");
    for (spelling, expected) in [
        ("1", Some(1)),
        ("5", Some(5)),
        ("05", Some(5)),
        ("0005", Some(5)),
        ("%35", Some(5)),
        ("5&", Some(5)),
        ("100", Some(6)),
        ("", None),
        ("+5", None),
        ("%2B5", None),
        ("5%20", None),
        ("-1", None),
        ("0", None),
        ("101", None),
        ("4294967297", None),
        ("1e2", None),
        ("5.0", None),
        ("0x5", None),
        ("%D9%A5", None),
        ("5,5", None),
        ("5;cursor=x", None),
        ("5&limit=5", None),
        ("5&limit=", None),
        ("5&%6Cimit=5", None),
        ("5&cursor=", None),
        ("5&username=", None),
        ("5&username=null", None),
        ("%ff", None),
    ] {
        let answer = root.get(&format!("/admin/users?limit={spelling}")).await;
        let status = if expected.is_some() { 200 } else { 400 };
        table.row("GET /admin/users?limit=", spelling, &answer, status);
        let users = answer.json()["users"].as_array().map(Vec::len);
        assert_eq!(users, expected, "{spelling}");
    }
    for query in [
        "username=",
        "email=",
        "cursor=",
        "username=&email=root@example.com",
    ] {
        let answer = root.get(&format!("/admin/users?{query}")).await;
        table.row("GET /admin/users", query, &answer, 400);
    }
}

/// The pages of a list: how many accounts each has, and whether it says that another follows.
async fn pages(root: &Session, limit: usize) -> Vec<(usize, bool)> {
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = root
            .get(&format!("/admin/users?limit={limit}{cursor}"))
            .await;
        let page = page.json();
        let count = page["users"].as_array().map_or(0, Vec::len);
        let next = page["next_cursor"].as_str();
        pages.push((count, next.is_some()));
        match next {
            Some(next) if pages.len() < 10 => cursor = format!("&cursor={next}"),
            _ => return pages,
        }
    }
}

#[tokio::test]
async fn the_last_page_of_a_list_says_so_and_is_not_empty() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    for n in 0..5 {
        api.register(&format!("person{n}"), PASSWORD).await;
    }
    let mut ends = Vec::new();
    for (limit, expected) in [
        (
            1,
            vec![
                (1, true),
                (1, true),
                (1, true),
                (1, true),
                (1, true),
                (1, false),
            ],
        ),
        (2, vec![(2, true), (2, true), (2, false)]),
        (3, vec![(3, true), (3, false)]),
        (4, vec![(4, true), (2, false)]),
        (5, vec![(5, true), (1, false)]),
        (6, vec![(6, false)]),
        (7, vec![(6, false)]),
        (100, vec![(6, false)]),
    ] {
        let pages = pages(&root, limit).await;
        println!("| end of a list | GET /admin/users?limit={limit}, 6 accounts | {pages:?} |");
        assert_eq!(pages, expected, "{limit}");
        ends.push(pages.len());
    }
    assert_eq!(ends, [6, 3, 2, 2, 2, 1, 1, 1]);

    let all = root.get("/admin/users").await.json();
    let ids: Vec<_> = all["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["id"].as_str().unwrap())
        .collect();
    let behind_the_last = root
        .get(&format!("/admin/users?cursor={}", ids[5]))
        .await
        .json();
    assert_eq!(
        behind_the_last,
        json!({ "users": [], "next_cursor": Value::Null })
    );
    let own = stack.user("root").await.id.to_string();
    let gone = ids.iter().position(|id| *id != own).unwrap();
    assert_eq!(
        root.delete(&format!("/admin/users/{}", ids[gone]))
            .await
            .status,
        204
    );
    let behind_one_that_is_gone = root
        .get(&format!("/admin/users?cursor={}", ids[gone]))
        .await;
    let rest = behind_one_that_is_gone.json()["users"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(rest, 5 - gone);
}
