//! Every page in every state.

use std::borrow::Cow;

use axum::http::StatusCode;
use pages::{Errand, Field, Frame, Mistake, Page, Proof, Refusal, Site};

/// The ticket of the samples: text that is safe in a URL, as tickets are.
pub(crate) const TICKET: &str = "latchkey_reset_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIj";

/// The deployment of the samples.
pub(crate) fn site() -> Site {
    Site::new(Some("Kites & Friends"), "https://id.example.com")
}

/// Every page in every state, by name. `typed` stands where a stranger's text may stand.
pub(crate) fn all(frame: Frame<'_>, typed: &str) -> Vec<(String, Page)> {
    let mut all = forms(frame, typed);
    all.extend(messages(frame, typed));
    all.extend(failures(frame, typed));
    all
}

fn forms(frame: Frame<'_>, typed: &str) -> Vec<(String, Page)> {
    let (ok, bad) = (StatusCode::OK, StatusCode::BAD_REQUEST);
    let link = Proof::Link {
        ticket: TICKET,
        address: Some(typed),
    };
    let handle = Proof::Handle {
        ticket: TICKET,
        code: typed,
    };
    let fresh = Proof::Handle {
        ticket: TICKET,
        code: "",
    };
    let other = Mistake::Other(
        Field::Username,
        Cow::Borrowed("must not be a UUID, for account ids are UUIDs"),
    );
    let all = [
        ("forgot", pages::forgot_password(frame, ok, "", &[])),
        (
            "forgot-mistake",
            pages::forgot_password(frame, bad, typed, &[Mistake::EmailForm]),
        ),
        (
            "forgot-wait",
            pages::forgot_password(
                frame,
                StatusCode::TOO_MANY_REQUESTS,
                typed,
                &[Mistake::Wait(540)],
            ),
        ),
        ("signup", pages::sign_up(frame, ok, "", &[])),
        (
            "signup-mistake",
            pages::sign_up(frame, bad, typed, &[Mistake::Missing(Field::Email)]),
        ),
        (
            "reset-link",
            pages::reset_password(frame, ok, link, 15, &[]),
        ),
        (
            "reset-link-mistake",
            pages::reset_password(frame, bad, link, 15, &[Mistake::PasswordShort(15)]),
        ),
        (
            "reset-handle",
            pages::reset_password(frame, ok, fresh, 15, &[]),
        ),
        (
            "reset-handle-mistakes",
            pages::reset_password(
                frame,
                bad,
                handle,
                15,
                &[Mistake::CodeWrong, Mistake::PasswordGuessable],
            ),
        ),
        (
            "confirm-link",
            pages::confirm_sign_up(frame, ok, link, "", 15, &[]),
        ),
        (
            "confirm-link-taken",
            pages::confirm_sign_up(
                frame,
                StatusCode::CONFLICT,
                link,
                typed,
                15,
                &[Mistake::UsernameTaken],
            ),
        ),
        (
            "confirm-handle-other",
            pages::confirm_sign_up(frame, bad, handle, typed, 15, &[other, Mistake::Wait(30)]),
        ),
    ];
    named(all)
}

fn messages(frame: Frame<'_>, typed: &str) -> Vec<(String, Page)> {
    let mut all = named([
        ("mailed-reset", pages::reset_mailed(frame, typed, TICKET)),
        ("mailed-signup", pages::sign_up_mailed(frame, typed, TICKET)),
        (
            "address-code",
            pages::confirm_address(frame, typed, "04218873"),
        ),
        ("agree-code", pages::agree_to_address(frame, "04218873")),
        ("password-set", pages::password_set(frame)),
        ("signed-up", pages::signed_up(frame)),
        ("taken", pages::address_taken(frame)),
    ]);
    for (why, refusal) in [
        ("used", Refusal::Used),
        ("expired", Refusal::Expired),
        ("superseded", Refusal::Superseded),
        ("unknown", Refusal::Unknown),
    ] {
        for (what, errand) in [
            ("reset", Errand::Reset),
            ("signup", Errand::SignUp),
            ("address", Errand::Address),
        ] {
            all.push((
                format!("{why}-{what}"),
                pages::link_refused(frame, refusal, errand),
            ));
        }
    }
    all
}

fn failures(frame: Frame<'_>, typed: &str) -> Vec<(String, Page)> {
    let failure = |status, detail| pages::failure(frame, status, detail, typed);
    let urls = [
        "/openapi.json",
        "/.well-known/openid-configuration",
        "/.well-known/jwks.json",
    ];
    let urls = urls.map(|path| format!("https://id.example.com{path}"));
    let links: Vec<(&str, String)> = ["OpenAPI", "OpenID Connect Discovery", "JSON Web Key Set"]
        .into_iter()
        .zip(urls)
        .collect();
    let hostile = [(typed, format!("https://id.example.com/{typed}"))];
    named([
        ("disabled", pages::feature_disabled(frame)),
        (
            "failure-403",
            failure(StatusCode::FORBIDDEN, "The form comes from another origin"),
        ),
        (
            "failure-404",
            failure(StatusCode::NOT_FOUND, "There is no resource at this path"),
        ),
        ("failure-409", failure(StatusCode::CONFLICT, typed)),
        (
            "failure-429",
            failure(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many attempts; the Retry-After header says how many seconds to wait",
            ),
        ),
        (
            "failure-500",
            failure(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The server failed to handle the request",
            ),
        ),
        ("welcome-mail", pages::welcome(frame, true, &links)),
        ("welcome", pages::welcome(frame, false, &hostile)),
    ])
}

fn named<const N: usize>(all: [(&str, Page); N]) -> Vec<(String, Page)> {
    all.map(|(name, page)| (name.to_owned(), page)).into()
}
