//! The errors, as the SDK reads them.

use super::*;

#[tokio::test]
async fn each_error_of_the_operation_is_that_of_the_sdk() {
    let served = Served::start().await;
    type Is = fn(&SendEmailError) -> bool;
    let text = || "Address blacklisted.".to_owned();
    let cases: [(Refusal, Is); 8] = [
        (Refusal::AccountSuspended, |e| {
            e.is_account_suspended_exception()
        }),
        (Refusal::BadRequest(text()), |e| {
            e.is_bad_request_exception()
        }),
        (Refusal::LimitExceeded, |e| e.is_limit_exceeded_exception()),
        (Refusal::MailFromDomainNotVerified, |e| {
            e.is_mail_from_domain_not_verified_exception()
        }),
        (Refusal::MessageRejected(text()), |e| {
            e.is_message_rejected()
        }),
        (Refusal::NotFound, |e| e.is_not_found_exception()),
        (Refusal::SendingPaused, |e| e.is_sending_paused_exception()),
        (Refusal::TooManyRequests, |e| {
            e.is_too_many_requests_exception()
        }),
    ];
    for (refusal, is) in cases {
        let verdict = Verdict::Refuse(refusal.clone());
        served.inbox.decide(move |_| verdict.clone());
        let error = served.refusal().await;
        assert!(is(&error), "{refusal:?}: {error:?}");
        let message = error.meta().message();
        if matches!(
            refusal,
            Refusal::BadRequest(_) | Refusal::MessageRejected(_)
        ) {
            assert_eq!(message, Some("Address blacklisted."));
        }
    }
    assert!(served.inbox.mails().is_empty());
}

#[tokio::test]
async fn the_statuses_are_those_that_aws_documents() {
    let served = Served::start().await;
    for (refusal, status) in [
        (Refusal::AccountSuspended, 400),
        (Refusal::LimitExceeded, 400),
        (Refusal::MailFromDomainNotVerified, 400),
        (Refusal::MessageRejected(String::new()), 400),
        (Refusal::NotFound, 404),
        (Refusal::SendingPaused, 400),
        (Refusal::TooManyRequests, 429),
        (Refusal::InternalFailure, 500),
        (Refusal::ServiceUnavailable, 503),
    ] {
        let verdict = Verdict::Refuse(refusal.clone());
        served.inbox.decide(move |_| verdict.clone());
        let (found, _) = served.answer(&body()).await;
        assert_eq!(found.as_u16(), status, "{refusal:?}");
    }
}
