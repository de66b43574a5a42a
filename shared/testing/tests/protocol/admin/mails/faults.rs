//! Orders of mails that race, fail or whose answers are lost.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join;
use serde_json::json;
use testing::wire::{Fault, Sent};
use testing::{Client, Stack, number};

use super::{invite, ordered, rows, send_reset, somebody, text, with_root};
use crate::admin::set_status;

/// The fault of a call of the order, how often it happens, the answer, and the number of rows then.
const FAULTS: [(Fault, usize, u16, usize); 8] = [
    (Fault::LostAnswer, 1, 202, 1),
    (Fault::LostAnswer, 2, 202, 1),
    (Fault::Refused(500, "InternalServerError"), 2, 202, 1),
    (Fault::Canceled("TransactionConflict"), 4, 202, 1),
    (Fault::Canceled("TransactionConflict"), 5, 503, 0),
    (Fault::Canceled("ThrottlingError"), 3, 503, 0),
    (Fault::NoConnection, 3, 503, 0),
    (Fault::Refused(400, "AccessDeniedException"), 3, 503, 0),
];

#[tokio::test]
async fn an_acknowledged_order_is_in_the_table_and_a_refused_one_is_not() {
    let (stack, api, root) = with_root(&[]).await;
    let id = somebody(&stack, &api, "ada", true).await;
    for (case, (fault, times, status, count)) in FAULTS.iter().enumerate() {
        let what = format!("{fault:?} {times} times");
        let address = format!("grace{case}@example.com");
        let before = rows(&stack, "reset").await.len();
        stack.wire.fail("TransactWriteItems", fault, *times);
        let invited = invite(&root, &json!({ "email": address })).await;
        stack.wire.mend();
        assert_eq!(invited.status, *status, "{what}: {}", invited.json());
        let invitations = rows(&stack, "signup").await.into_iter();
        let invitations = invitations.filter(|row| text(row, "to") == address);
        assert_eq!(invitations.count(), *count, "{what}");

        stack.wire.fail("TransactWriteItems", fault, *times);
        let sent = send_reset(&root, &id).await;
        stack.wire.mend();
        assert_eq!(sent.status, *status, "{what}: {}", sent.json());
        assert_eq!(rows(&stack, "reset").await.len() - before, *count, "{what}");

        let told = rows(&stack, "notice").await.len();
        stack.wire.fail("TransactWriteItems", fault, *times);
        let disabled = set_status(&root, &id, "disabled").await;
        stack.wire.mend();
        let expected = if *status == 202 { 200 } else { *status };
        assert_eq!(disabled.status, expected, "{what}: {}", disabled.json());
        assert_eq!(rows(&stack, "notice").await.len() - told, *count, "{what}");
        assert_eq!(set_status(&root, &id, "active").await.status, 200);
    }
}

#[tokio::test]
async fn nothing_is_ordered_where_the_tables_cannot_be_read() {
    let (stack, api, root) = with_root(&[]).await;
    let id = somebody(&stack, &api, "ada", true).await;
    let body = json!({ "email": "grace@example.com" });
    for operation in ["BatchGetItem", "GetItem"] {
        for invites in [true, false] {
            let fault = Fault::Refused(500, "InternalServerError");
            stack.wire.fail(operation, &fault, 3);
            let answer = if invites {
                invite(&root, &body).await
            } else {
                send_reset(&root, &id).await
            };
            stack.wire.mend();
            assert_eq!(answer.status, 503, "{operation}: {}", answer.json());
        }
    }
    assert_eq!(ordered(&stack).await, 0);
}

/// Has an administrator invite somebody, and takes her right away once the order is under way. The
/// order waits for a while, as where others write to the same items.
async fn invites_while_losing_the_right(stack: &Stack, api: &Client, round: usize) -> u16 {
    let name = format!("root{round}");
    let root = stack.administrator(api, &name).await;
    let user = stack.user(&name).await;
    let body = json!({ "email": format!("grace{round}@example.com") });
    let conflict = Fault::Canceled("TransactionConflict");
    stack.wire.take();
    stack.wire.fail("TransactWriteItems", &conflict, 4);
    let losing = async {
        let is_order = |sent: &Sent| sent.operation == "TransactWriteItems";
        while !stack.wire.take().iter().any(is_order) {
            tokio::task::yield_now().await;
        }
        let update = stack.engine.client().update_item();
        let update = update.table_name("UsersTable");
        let update = update.key("id", AttributeValue::S(user.id.to_string()));
        let update = update.update_expression("SET #roles = :none, version = version + :one");
        let update = update.expression_attribute_names("#roles", "roles");
        let none = AttributeValue::L(Vec::new());
        let update = update.expression_attribute_values(":none", none);
        let update = update.expression_attribute_values(":one", number(1));
        update.send().await.unwrap();
    };
    let (invited, ()) = join(invite(&root, &body), losing).await;
    stack.wire.mend();
    let invitations = rows(stack, "signup").await.into_iter();
    let invitations = invitations.filter(|row| body["email"] == text(row, "to"));
    let expected = usize::from(invited.status == 202);
    assert_eq!(invitations.count(), expected, "{}", invited.json());
    invited.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_administrator_who_loses_the_right_meanwhile_orders_nothing() {
    let (stack, api, _) = with_root(&[("REGISTRATION_BURST", "0")]).await;
    let mut statuses = Vec::new();
    for round in 0..10 {
        statuses.push(invites_while_losing_the_right(&stack, &api, round).await);
    }
    println!("invitations that raced the loss of the right: {statuses:?}");
    // On a busy machine the right may outlive the order.
    assert!(statuses.iter().all(|status| [202, 409].contains(status)));
    assert!(
        statuses.contains(&409),
        "none lost it in time: {statuses:?}"
    );
}
