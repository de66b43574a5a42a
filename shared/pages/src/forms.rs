//! The pages with a form. One that was filled in wrongly is shown again: with the mistakes first,
//! with what was typed, and without passwords.

use askama::Template;
use axum::http::StatusCode;

use crate::mistake::{Mistake, Mistakes};
use crate::texts::Form;
use crate::{Frame, Page};

/// The proof in a form: a link, or a handle and a code. `Debug` shows nothing.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// The text of a mailed link, and the address that it was mailed to.
    Link {
        /// The text.
        ticket: &'a str,
        /// The address, for the reader and the browser's password manager.
        address: Option<&'a str>,
    },
    /// A handle, beside which the form asks for the mailed code.
    Handle {
        /// The handle's text.
        ticket: &'a str,
        /// The code that was typed before, or nothing.
        code: &'a str,
    },
}

impl std::fmt::Debug for Proof<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Link { .. } => "Link",
            Self::Handle { .. } => "Handle",
        })
    }
}

impl<'a> Proof<'a> {
    const fn ticket(&self) -> &'a str {
        match self {
            Self::Link { ticket, .. } | Self::Handle { ticket, .. } => ticket,
        }
    }

    const fn code(&self) -> Option<&'a str> {
        match self {
            Self::Link { .. } => None,
            Self::Handle { code, .. } => Some(code),
        }
    }

    const fn address(&self) -> Option<&'a str> {
        match self {
            Self::Link { address, .. } => *address,
            Self::Handle { .. } => None,
        }
    }
}

#[derive(Template)]
#[template(path = "ask_mail.html")]
struct AskMail<'a> {
    frame: Frame<'a>,
    t: &'static Form,
    email: &'a str,
    mistakes: Mistakes<'a>,
}

/// The page of `/forgot-password`: asks for the account's address.
pub fn forgot_password(
    frame: Frame<'_>,
    status: StatusCode,
    email: &str,
    mistakes: &[Mistake],
) -> Page {
    let t = &frame.t().forgot;
    let mistakes = Mistakes(mistakes);
    Page::new(
        frame.site(),
        status,
        &AskMail {
            frame,
            t,
            email,
            mistakes,
        },
    )
}

/// The page of `/signup`: asks for the address of a new account.
pub fn sign_up(frame: Frame<'_>, status: StatusCode, email: &str, mistakes: &[Mistake]) -> Page {
    let t = &frame.t().sign_up;
    let mistakes = Mistakes(mistakes);
    Page::new(
        frame.site(),
        status,
        &AskMail {
            frame,
            t,
            email,
            mistakes,
        },
    )
}

#[derive(Template)]
#[template(path = "choose_password.html")]
struct ChoosePassword<'a> {
    frame: Frame<'a>,
    t: &'static Form,
    proof: Proof<'a>,
    username: Option<&'a str>,
    label: &'static str,
    least: usize,
    mistakes: Mistakes<'a>,
}

impl ChoosePassword<'_> {
    fn hint(&self) -> String {
        let (before, after) = self.frame.t().password_hint;
        format!("{before}{}{after}", self.least)
    }

    /// The way to another mail, for somebody whose code is not taken. A link that is refused has a
    /// page of its own for that.
    fn again(&self) -> Option<(&'static str, &'static str)> {
        let t = &self.frame.t().refused;
        self.proof.code()?;
        Some(match self.username {
            Some(_) => (t.again_sign_up, "/signup"),
            None => (t.again_reset, "/forgot-password"),
        })
    }
}

/// The page of `/reset-password`: asks for a new password of at least `least` characters.
pub fn reset_password(
    frame: Frame<'_>,
    status: StatusCode,
    proof: Proof<'_>,
    least: usize,
    mistakes: &[Mistake],
) -> Page {
    let page = ChoosePassword {
        frame,
        t: &frame.t().reset,
        proof,
        username: None,
        label: frame.t().new_password,
        least,
        mistakes: Mistakes(mistakes),
    };
    Page::new(frame.site(), status, &page)
}

/// The page of `/signup/confirm`: asks for a password of at least `least` characters, and for a
/// username; `username` is the one that was typed before, or nothing.
pub fn confirm_sign_up(
    frame: Frame<'_>,
    status: StatusCode,
    proof: Proof<'_>,
    username: &str,
    least: usize,
    mistakes: &[Mistake],
) -> Page {
    let page = ChoosePassword {
        frame,
        t: &frame.t().sign_up_confirm,
        proof,
        username: Some(username),
        label: frame.t().password,
        least,
        mistakes: Mistakes(mistakes),
    };
    Page::new(frame.site(), status, &page)
}
