//! Administrators who take each other's rights at the same time: one remains.

use accounts::{Status, UserId};
use axum::http::Method;
use futures_util::future::join_all;
use serde_json::json;
use testing::{PASSWORD, Session, Stack};

use super::{delete, id_of, set_roles, set_status};

#[tokio::test]
async fn whose_account_has_changed_when_it_is_written_changes_nothing() {
    let stack = Stack::start().await;
    let api = stack.api();
    stack.administrator(&api, "root").await;
    api.register("ada", PASSWORD).await;
    let ada = stack.user("ada").await;
    let accounts = stack.environment().accounts().unwrap();
    let factors = stack.environment().factors().unwrap();
    // The last one is an administrator still, of whom more may have changed than the roles.
    for roles in [&[][..], &["introspector"], &["admin"]] {
        let root = stack.user("root").await;
        stack.grant("root", roles).await;
        let by = tables::By::Administrator(&root);
        let refused = Err(tables::AccountError::ActorChanged);
        let promoted = ada.with_roles(vec!["admin".parse().unwrap()]);
        assert_eq!(accounts.change(&ada, &promoted, by, None).await, refused);
        assert_eq!(accounts.delete(&factors, &ada, by, None).await, refused);
        assert_eq!(stack.user("ada").await, ada);
    }
    let root = stack.user("root").await;
    let by = tables::By::Administrator(&root);
    assert_eq!(accounts.delete(&factors, &ada, by, None).await, Ok(()));
}

/// Two administrators, each of whom takes the other's rights, by one means or another.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_administrators_who_remove_each_other_one_remains() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    for round in 0..60 {
        let mut administrators = Vec::new();
        for name in [format!("left{round}"), format!("right{round}")] {
            let session = stack.administrator(&api, &name).await;
            administrators.push((session, id_of(&stack, &name).await));
        }
        let removals: Vec<_> = [(0, 1), (1, 0)]
            .into_iter()
            .map(|(actor, target)| {
                let actor = administrators[actor].0.clone();
                let id = administrators[target].1.clone();
                tokio::spawn(async move {
                    match round % 3 {
                        0 => set_roles(&actor, &id, &[]).await.status,
                        1 => set_status(&actor, &id, "disabled").await.status,
                        _ => delete(&actor, &format!("/admin/users/{id}")).await,
                    }
                })
            })
            .collect();
        let mut succeeded = 0;
        for removal in removals {
            succeeded += usize::from(removal.await.unwrap() < 300);
        }
        assert_eq!(succeeded, 1, "round {round}");
    }
}

/// Every route by which an account loses its rights, for `actor` to call against `target`.
async fn attack(actor: Session, own: String, target: String) -> Vec<u16> {
    let none = json!({ "roles": [] });
    let disabled = json!({ "status": "disabled" });
    let introspector = json!({ "roles": ["introspector"] });
    let (users, roles) = ("/admin/users", "roles");
    let calls = [
        (Method::DELETE, "/me".to_owned(), None),
        (
            Method::PUT,
            format!("{users}/{target}/{roles}"),
            Some(&introspector),
        ),
        (Method::PUT, format!("{users}/{own}/{roles}"), Some(&none)),
        (Method::DELETE, format!("{users}/{target}"), None),
        (Method::PATCH, format!("{users}/{target}"), Some(&disabled)),
        (Method::DELETE, format!("{users}/{own}"), None),
        (Method::DELETE, format!("{users}/{target}/sessions"), None),
        (
            Method::PUT,
            format!("{users}/{target}/{roles}"),
            Some(&none),
        ),
        (Method::PATCH, format!("{users}/{own}"), Some(&disabled)),
    ];
    let calls = calls.iter().map(|(method, path, body)| {
        let (actor, method) = (&actor, method.clone());
        async move { actor.call(method, path, *body).await.status }
    });
    join_all(calls).await
}

/// All routes at once, of two administrators and by two administrators, who are the only ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_administrator_does_not_vanish_by_any_route() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let mut removed = 0;
    for round in 0..40 {
        let names = [format!("left{round}"), format!("right{round}")];
        let left = stack.administrator(&api, &names[0]).await;
        let right = stack.administrator(&api, &names[1]).await;
        let (l, r) = (
            id_of(&stack, &names[0]).await,
            id_of(&stack, &names[1]).await,
        );
        let one = tokio::spawn(attack(left, l.clone(), r.clone()));
        let other = tokio::spawn(attack(right, r.clone(), l.clone()));
        let statuses = [one.await.unwrap(), other.await.unwrap()].concat();
        assert!(
            statuses
                .iter()
                .all(|status| *status < 500 || *status == 503),
            "{statuses:?}"
        );
        let users = stack.environment().users().unwrap();
        let mut remaining = 0;
        for id in [l, r] {
            let user = users.get(UserId::parse(&id).unwrap()).await.unwrap();
            remaining += usize::from(user.is_some_and(|user| {
                let admin = user.roles.iter().any(|role| role.as_str() == "admin");
                admin && user.status == Status::Active
            }));
        }
        assert!(remaining > 0, "round {round}: {statuses:?}");
        removed += 2 - remaining;
    }
    println!("of 40 pairs, {removed} have lost one, and none both");
    assert!(removed > 0, "none has lost one: this shows nothing");
}
