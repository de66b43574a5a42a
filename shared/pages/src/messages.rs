//! The pages that tell something and ask for nothing.

use askama::Template;
use axum::http::StatusCode;

use crate::texts::{Around, Message};
use crate::{Frame, Page};

/// The purpose of a ticket, as far as pages are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// A new password.
    Reset,
    /// A new account.
    SignUp,
    /// The address of an account.
    Address,
}

#[derive(Template)]
#[template(path = "check_mail.html")]
struct CheckMail<'a> {
    frame: Frame<'a>,
    lead: Around,
    email: &'a str,
    handle: &'a str,
    confirm_path: &'static str,
    again_path: &'static str,
}

/// The answer to the form of `/forgot-password`, the same whether there is an account or not.
/// `email` is what was typed; the handle leads to the form that asks for the code.
pub fn reset_mailed(frame: Frame<'_>, email: &str, handle: &str) -> Page {
    let page = CheckMail {
        frame,
        lead: frame.t().check_mail.reset,
        email,
        handle,
        confirm_path: "/reset-password",
        again_path: "/forgot-password",
    };
    Page::new(frame.site(), StatusCode::ACCEPTED, &page)
}

/// The answer to the form of `/signup`, the same for a free and a taken address.
pub fn sign_up_mailed(frame: Frame<'_>, email: &str, handle: &str) -> Page {
    let page = CheckMail {
        frame,
        lead: frame.t().check_mail.sign_up,
        email,
        handle,
        confirm_path: "/signup/confirm",
        again_path: "/signup",
    };
    Page::new(frame.site(), StatusCode::ACCEPTED, &page)
}

#[derive(Template)]
#[template(path = "show_code.html")]
struct ShowCode<'a> {
    frame: Frame<'a>,
    title: &'static str,
    lead: Around,
    address: Option<&'a str>,
    code: String,
}

/// Shows the code of an address that is to be confirmed. Nothing changes here: somebody could have
/// been lured into confirming the address of a stranger's account.
pub fn confirm_address(frame: Frame<'_>, address: &str, code: &str) -> Page {
    let t = &frame.t().show_code;
    let page = ShowCode {
        frame,
        title: t.confirm_title,
        lead: t.confirm_lead,
        address: Some(address),
        code: in_groups(code),
    };
    Page::new(frame.site(), StatusCode::OK, &page)
}

/// Shows the code by which the old address agrees to a new one, and how to stop the change. The new
/// address is not named, as in the mail.
pub fn agree_to_address(frame: Frame<'_>, code: &str) -> Page {
    let agree = &frame.t().show_code.agree;
    let page = ShowCode {
        frame,
        title: agree.title,
        lead: (agree.lead, ""),
        address: None,
        code: in_groups(code),
    };
    Page::new(frame.site(), StatusCode::OK, &page)
}

/// Eight digits are read in two groups of four.
fn in_groups(code: &str) -> String {
    match code.split_at_checked(4) {
        Some((first, second)) if code.len() == 8 => format!("{first}\u{a0}{second}"),
        _ => code.to_owned(),
    }
}

enum Next {
    None,
    Told(&'static str),
    Page(&'static str, &'static str),
}

#[derive(Template)]
#[template(path = "message.html")]
struct Told<'a> {
    frame: Frame<'a>,
    title: &'static str,
    lead: &'static str,
    next: Next,
}

fn told(frame: Frame<'_>, status: StatusCode, message: &Message, next: Next) -> Page {
    let page = Told {
        frame,
        title: message.title,
        lead: message.lead,
        next,
    };
    Page::new(frame.site(), status, &page)
}

/// The new password is set.
pub fn password_set(frame: Frame<'_>) -> Page {
    told(frame, StatusCode::OK, &frame.t().password_set, Next::None)
}

/// The account is made.
pub fn signed_up(frame: Frame<'_>) -> Page {
    told(frame, StatusCode::CREATED, &frame.t().signed_up, Next::None)
}

/// 409: the address of this sign-up belongs to an account by now.
pub fn address_taken(frame: Frame<'_>) -> Page {
    let t = &frame.t().address_taken;
    let page = Told {
        frame,
        title: t.title,
        lead: t.lead,
        next: Next::Page(t.button, "/forgot-password"),
    };
    Page::new(frame.site(), StatusCode::CONFLICT, &page)
}

/// 403: the owner of the service has not switched this on. People are not told by which parameter:
/// the problem document tells the owner.
pub fn feature_disabled(frame: Frame<'_>) -> Page {
    told(
        frame,
        StatusCode::FORBIDDEN,
        &frame.t().disabled,
        Next::None,
    )
}

/// Why the bearer of a link cannot use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 410: it has been used.
    Used,
    /// 410: its time is over.
    Expired,
    /// 410: the account or its address has changed since.
    Superseded,
    /// 404: it is malformed or forged.
    Unknown,
}

/// Says why a link cannot be used, and how to get another one.
pub fn link_refused(frame: Frame<'_>, refusal: Refusal, errand: Errand) -> Page {
    let t = &frame.t().refused;
    let (status, message) = match refusal {
        Refusal::Used => (StatusCode::GONE, &t.used),
        Refusal::Expired => (StatusCode::GONE, &t.expired),
        Refusal::Superseded => (StatusCode::GONE, &t.superseded),
        Refusal::Unknown => (StatusCode::NOT_FOUND, &t.unknown),
    };
    let next = match (errand, refusal) {
        (Errand::Reset, _) => Next::Page(t.again_reset, "/forgot-password"),
        // There is an account now.
        (Errand::SignUp, Refusal::Used) => Next::Page(t.used_sign_up, "/forgot-password"),
        (Errand::SignUp, _) => Next::Page(t.again_sign_up, "/signup"),
        (Errand::Address, _) => Next::Told(t.again_signed_in),
    };
    told(frame, status, message, next)
}
