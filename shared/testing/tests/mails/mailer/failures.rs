//! Failures between a row and its mail: every mail comes once, twice only where an answer was lost,
//! and none behind one that is refused is lost.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use local::inbox::{Mail, Refusal, Verdict};
use local::pump::Turn;
use testing::Stack;
use testing::wire::Fault;
use tokio::sync::Notify;

use super::{order, recipients, turn};

fn is_to(mail: &Mail, address: &str) -> bool {
    mail.to == [address]
}

#[tokio::test]
async fn while_ses_is_down_for_ten_minutes_nothing_is_sent_and_then_everything_once() {
    let stack = Stack::with_mail(&[]).await;
    let addresses = order(&stack, 12).await;
    let mailbox = stack.mailbox().await;
    let mut pump = mailbox.pump();
    mailbox
        .inbox
        .decide(|_| Verdict::Refuse(Refusal::ServiceUnavailable));
    let start = api::now();
    // The waits between are the pump's, and virtual here.
    for minute in 0..10 {
        let now = start + minute * 60;
        assert_eq!(pump.turn(now).await.unwrap(), Turn::Failed);
    }
    assert!(mailbox.inbox.mails().is_empty());
    mailbox.inbox.decide(|_| Verdict::Keep);
    let now = start + 600;
    for expected in [Turn::Delivered, Turn::Delivered, Turn::Idle] {
        assert_eq!(pump.turn(now).await.unwrap(), expected);
    }
    assert_eq!(recipients(&mailbox.inbox.mails()), addresses);
}

#[tokio::test]
async fn what_ses_throttles_comes_once_and_in_order() {
    let stack = Stack::with_mail(&[]).await;
    let addresses = order(&stack, 10).await;
    let mailbox = stack.mailbox().await;
    let mut pump = mailbox.pump();
    let left = Arc::new(AtomicUsize::new(0));
    let allowance = Arc::clone(&left);
    mailbox.inbox.decide(move |_| {
        let taken = allowance.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        });
        match taken {
            Ok(_) => Verdict::Keep,
            Err(_) => Verdict::Refuse(Refusal::TooManyRequests),
        }
    });
    for sent in [3, 6, 9] {
        left.store(3, Ordering::SeqCst);
        assert_eq!(turn(&mut pump).await, Turn::Failed);
        assert_eq!(mailbox.inbox.mails().len(), sent);
    }
    left.store(3, Ordering::SeqCst);
    assert_eq!(turn(&mut pump).await, Turn::Delivered);
    assert_eq!(recipients(&mailbox.inbox.mails()), addresses);
}

#[tokio::test]
async fn each_error_about_the_account_or_the_moment_is_waited_for() {
    let stack = Stack::with_mail(&[]).await;
    let addresses = order(&stack, 2).await;
    let mailbox = stack.mailbox().await;
    let mut pump = mailbox.pump();
    for refusal in [
        Refusal::AccountSuspended,
        Refusal::InternalFailure,
        Refusal::LimitExceeded,
        Refusal::MailFromDomainNotVerified,
        Refusal::MissingAuthenticationToken,
        Refusal::NotFound,
        Refusal::SendingPaused,
    ] {
        let shown = refusal.clone();
        mailbox
            .inbox
            .decide(move |_| Verdict::Refuse(refusal.clone()));
        assert_eq!(turn(&mut pump).await, Turn::Failed, "{shown:?}");
    }
    mailbox.inbox.decide(|_| Verdict::Keep);
    for fault in [
        Fault::NoConnection,
        Fault::Refused(403, "AccessDeniedException"),
        Fault::Refused(400, "ThrottlingException"),
    ] {
        mailbox.wire.fail("SendEmail", &fault, 2);
        assert_eq!(turn(&mut pump).await, Turn::Failed, "{fault:?}");
        mailbox.wire.mend();
    }
    assert!(mailbox.inbox.mails().is_empty());
    assert_eq!(turn(&mut pump).await, Turn::Delivered);
    assert_eq!(recipients(&mailbox.inbox.mails()), addresses);
}

#[tokio::test]
async fn a_mail_that_is_refused_holds_up_none_behind_it_and_is_not_tried_again() {
    for refusal in [
        Refusal::MessageRejected("Email address is not verified.".to_owned()),
        Refusal::BadRequest("Invalid domain name".to_owned()),
    ] {
        let stack = Stack::with_mail(&[]).await;
        let mut addresses = order(&stack, 10).await;
        let mailbox = stack.mailbox().await;
        let mut pump = mailbox.pump();
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        mailbox.inbox.decide(move |mail| {
            counter.fetch_add(1, Ordering::SeqCst);
            match is_to(mail, "5@example.com") {
                true => Verdict::Refuse(refusal.clone()),
                false => Verdict::Keep,
            }
        });
        assert_eq!(turn(&mut pump).await, Turn::Delivered);
        assert_eq!(turn(&mut pump).await, Turn::Idle);
        addresses.remove(4);
        assert_eq!(recipients(&mailbox.inbox.mails()), addresses);
        assert_eq!(asked.load(Ordering::SeqCst), 10);
    }
}

#[tokio::test]
async fn an_environment_that_is_killed_loses_no_mail_and_repeats_those_of_its_batch() {
    let stack = Stack::with_mail(&[]).await;
    let addresses = order(&stack, 10).await;
    let mailbox = stack.mailbox().await;
    let third = Arc::new(Notify::new());
    let reached = Arc::clone(&third);
    mailbox.inbox.decide(move |mail| {
        if is_to(mail, "3@example.com") {
            reached.notify_one();
        }
        Verdict::Keep
    });
    let mut killed = mailbox.pump();
    tokio::select! {
        biased;
        () = third.notified() => {}
        turn = turn(&mut killed) => panic!("{turn:?} before it was killed"),
    }
    drop(killed);
    assert_eq!(mailbox.inbox.mails().len(), 3);
    let mut next = mailbox.pump();
    assert_eq!(turn(&mut next).await, Turn::Delivered);
    assert_eq!(turn(&mut next).await, Turn::Idle);
    let mails = mailbox.inbox.mails();
    let expected = [&addresses[..3], &addresses].concat();
    assert_eq!(recipients(&mails), expected);
    for (first, second) in mails[..3].iter().zip(&mails[3..]) {
        assert_eq!(first.text, second.text, "the same link and the same code");
    }
}

#[tokio::test]
async fn a_mail_whose_answer_was_lost_comes_twice_and_the_others_once() {
    for is_of_the_connection in [true, false] {
        let stack = Stack::with_mail(&[]).await;
        let addresses = order(&stack, 5).await;
        let mailbox = stack.mailbox().await;
        let mut pump = mailbox.pump();
        if is_of_the_connection {
            mailbox.wire.fail("SendEmail", &Fault::LostAnswer, 1);
        } else {
            let times = AtomicUsize::new(0);
            mailbox
                .inbox
                .decide(move |_| match times.fetch_add(1, Ordering::SeqCst) {
                    0 => Verdict::KeepAndAnswer(Refusal::InternalFailure),
                    _ => Verdict::Keep,
                });
        }
        // The client of SES tries once more by itself.
        assert_eq!(turn(&mut pump).await, Turn::Delivered);
        let mails = mailbox.inbox.mails();
        let expected = [&addresses[..1], &addresses].concat();
        assert_eq!(recipients(&mails), expected);
        assert_eq!(mails[0].text, mails[1].text);
    }
}

#[tokio::test]
async fn what_is_twelve_hours_old_is_told_of_without_an_address_and_blocks_nothing() {
    let stack = Stack::with_mail(&[]).await;
    order(&stack, 2).await;
    let mailbox = stack.mailbox().await;
    let mut pump = mailbox.pump();
    mailbox
        .inbox
        .decide(|_| Verdict::Refuse(Refusal::SendingPaused));
    assert_eq!(turn(&mut pump).await, Turn::Failed);
    let now = api::now() + 43_202;
    let Turn::Discarded(document) = pump.turn(now).await.unwrap() else {
        panic!("the records are too old");
    };
    assert!(!document.to_string().contains('@'), "{document}");
    mailbox.inbox.decide(|_| Verdict::Keep);
    stack.order("late@example.com").await;
    assert_eq!(turn(&mut pump).await, Turn::Delivered);
    let mails = mailbox.inbox.mails();
    assert_eq!(recipients(&mails), ["late@example.com"]);
}

#[tokio::test]
async fn a_ring_that_cannot_be_read_is_waited_for() {
    let stack = Stack::with_mail(&[]).await;
    let addresses = order(&stack, 3).await;
    let mailbox = stack.mailbox().await;
    let mut pump = mailbox.pump();
    mailbox.wire.fail("GetItem", &Fault::NoConnection, 6);
    for _ in 0..2 {
        assert_eq!(turn(&mut pump).await, Turn::Failed);
    }
    assert_eq!(turn(&mut pump).await, Turn::Delivered);
    let mails = mailbox.inbox.mails();
    assert_eq!(recipients(&mails), addresses);
    let ids: BTreeSet<_> = mails.iter().map(|mail| &mail.id).collect();
    assert_eq!(ids.len(), 3);
}
