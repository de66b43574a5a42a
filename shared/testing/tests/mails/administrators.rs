//! The orders and changes of administrators, with the mails about them.

use accounts::{Names, Status, User, Username};
use tables::{AccountError, By, Error, Notice, NoticeKind, Order};
use testing::wire::Fault;

use super::{NOW, World, hash};

/// Somebody who administers the deployment.
async fn root(world: &World) -> User {
    let name = Username::parse("root").unwrap();
    let root = User::register(Names::new(Some(name), None).unwrap(), NOW);
    let registered = world.whole().register(&root, &hash("root"), None).await;
    registered.unwrap();
    root
}

/// Changes an account, as another request does meanwhile, and returns it as it is then.
async fn touched(world: &World, user: &User) -> User {
    let new = user.with_roles(user.roles.clone());
    let changed = world.whole().change(user, &new, By::Operator, None).await;
    changed.unwrap();
    new
}

/// Disables the account of the world with a notice, or deletes it.
async fn shut(world: &World, delete: bool, by: &User, notice: &Notice) -> Result<(), AccountError> {
    let (mails, accounts) = (world.mails(), world.whole());
    let order = Order {
        mails: &mails,
        notice,
    };
    let (user, by) = (&world.user, By::Administrator(by));
    if delete {
        return accounts
            .delete(&world.factors(), user, by, Some(order))
            .await;
    }
    let disabled = user.with_status(Status::Disabled);
    accounts.change(user, &disabled, by, Some(order)).await
}

fn notice(world: &World, delete: bool) -> Notice {
    let kind = if delete {
        NoticeKind::Deleted
    } else {
        NoticeKind::Disabled
    };
    Notice {
        kind,
        ..world.notice()
    }
}

#[tokio::test]
async fn an_account_is_shut_and_its_notice_ordered_together_or_not_at_all() {
    for delete in [false, true] {
        let world = World::start().await;
        let old = root(&world).await;
        let root = touched(&world, &old).await;
        let notice = notice(&world, delete);
        let refused = shut(&world, delete, &old, &notice).await;
        assert_eq!(refused, Err(AccountError::ActorChanged));
        for fault in [
            Fault::NoConnection,
            Fault::Refused(500, "InternalServerError"),
            Fault::Canceled("ThrottlingError"),
        ] {
            world.wire.fail("TransactWriteItems", &fault, 3);
            let failed = shut(&world, delete, &root, &notice).await;
            world.wire.mend();
            assert!(matches!(failed, Err(AccountError::Table(_))), "{fault:?}");
        }
        let (_, users) = world.accounts();
        let stored = users.get(world.user.id).await.unwrap();
        assert_eq!(stored.as_ref(), Some(&world.user));
        assert_eq!(world.notices().await, 0);

        world.wire.fail("TransactWriteItems", &Fault::LostAnswer, 2);
        shut(&world, delete, &root, &notice).await.unwrap();
        // Sent again after DynamoDB has forgotten the transaction: it knows itself by the notice.
        shut(&world, delete, &root, &notice).await.unwrap();
        let stored = users.get(world.user.id).await.unwrap();
        let is_shut = stored.is_none_or(|user| user.status == Status::Disabled);
        assert!(is_shut, "deleted: {delete}");
        assert_eq!(world.notices().await, 1);
    }
}

#[tokio::test]
async fn a_change_that_is_not_the_own_one_is_a_conflict_and_tells_nobody() {
    let world = World::start().await;
    let root = root(&world).await;
    touched(&world, &world.user).await;
    for delete in [false, true] {
        let refused = shut(&world, delete, &root, &notice(&world, delete)).await;
        assert_eq!(refused, Err(Error::Conflict.into()), "deleted: {delete}");
    }
    assert_eq!(world.notices().await, 0);
}

#[tokio::test]
async fn a_ticket_is_issued_while_administrator_and_account_are_as_they_were_read() {
    let world = World::start().await;
    let old = root(&world).await;
    let root = touched(&world, &old).await;
    let (mails, (_, users)) = (world.mails(), world.accounts());
    let row = world.reset();
    let issued = mails.issue_by(&users, &old, Some(&world.user), &row).await;
    assert_eq!(issued, Err(AccountError::ActorChanged));
    let issued = mails.issue_by(&users, &old, None, &row).await;
    assert_eq!(issued, Err(AccountError::ActorChanged));
    assert!(world.items().await.is_empty());

    for _ in 0..2 {
        world.wire.fail("TransactWriteItems", &Fault::LostAnswer, 2);
        let issued = mails.issue_by(&users, &root, Some(&world.user), &row).await;
        assert_eq!(issued, Ok(()));
        assert_eq!(world.items().await.len(), 1);
    }

    let user = touched(&world, &world.user).await;
    let other = world.reset();
    let issued = mails
        .issue_by(&users, &root, Some(&world.user), &other)
        .await;
    assert_eq!(issued, Err(Error::Conflict.into()));
    let issued = mails.issue_by(&users, &root, Some(&user), &other).await;
    assert_eq!(issued, Ok(()));
    // Another ticket under an id that is taken is not written over the one that has it.
    let mut same = other;
    same.ticket.expires_at += 1;
    let issued = mails.issue_by(&users, &root, None, &same).await;
    assert_eq!(issued, Err(Error::Conflict.into()));
    assert_eq!(world.items().await.len(), 2);
}
