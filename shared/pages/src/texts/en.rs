//! The texts in English.

use super::{CheckMail, Failure, Form, Message, Mistakes, Refused, ShowCode, Texts, Welcome};

/// The texts in English.
pub(crate) const ENGLISH: Texts = Texts {
    email: "E-mail address",
    username: "Username (optional)",
    username_hint: "You can sign in with it instead of your e-mail address.",
    password: "Password",
    new_password: "New password",
    password_hint: (
        "At least ",
        " characters. Several random words make a good password.",
    ),
    code: "Code from the mail",
    code_hint: "Eight digits, with or without blanks.",
    error: "Error: ",
    mistakes_heading: "There is a problem",
    mistakes: Mistakes {
        email_missing: "Enter your e-mail address.",
        username_missing: "Enter a username.",
        password_missing: "Enter a password.",
        code_missing: "Enter the code from the mail.",
        email_form: "Enter an e-mail address like name@example.com.",
        username_form: "Use 3 to 64 letters (A to Z), digits, '.', '_' or '-', and begin with a \
                        letter or a digit.",
        username_taken: "This username is taken. Choose another one.",
        password_short: ("Use at least ", " characters."),
        password_guessable: "This password is easy to guess. Choose a longer or less common one.",
        code_wrong: "This code is not right, or no longer valid. Ask for a new one.",
        wait_a_minute: "Too many attempts. Try again in a minute.",
        wait: ("Too many attempts. Try again in ", " minutes."),
    },
    forgot: Form {
        title: "Forgot your password?",
        lead: "Enter the e-mail address of your account. We will send you a link to set a new \
               password.",
        button: "Send the link",
    },
    reset: Form {
        title: "Set a new password",
        lead: "The new password replaces the old one and signs you out everywhere.",
        button: "Set the password",
    },
    sign_up: Form {
        title: "Create an account",
        lead: "Enter your e-mail address. We will send you a link to go on.",
        button: "Send the link",
    },
    sign_up_confirm: Form {
        title: "Finish signing up",
        lead: "Choose a password for your new account.",
        button: "Create the account",
    },
    check_mail: CheckMail {
        title: "Check your mail",
        reset: (
            "If there is an account with the address ",
            ", a mail is on its way to it. Open the link in that mail, or type its code here.",
        ),
        sign_up: (
            "A mail is on its way to ",
            ". Open the link in that mail, or type its code here.",
        ),
        nothing_came: "No mail after a few minutes? Look in your spam folder, and check the \
                       address for typing errors.",
        type_code: "Type the code",
        again: "Use another address",
    },
    show_code: ShowCode {
        confirm_title: "Confirm your address",
        confirm_lead: ("This code confirms that you read the mail of ", ":"),
        agree: Message {
            title: "Agree to the new address",
            lead: "This code lets your account change to another e-mail address at once:",
        },
        type_it: "Type this where you are signed in.",
        confirm_stranger: "If you did not ask for this, close this page. Never give the code to \
                           anybody.",
        agree_stranger: "If you did not ask for this, give the code to nobody, and set a new \
                         password. That stops the change and signs out every device.",
        stop: "Set a new password",
    },
    password_set: Message {
        title: "Your password is set",
        lead: "You have been signed out everywhere. Go back to the app and sign in with the new \
               password.",
    },
    signed_up: Message {
        title: "Your account is ready",
        lead: "Go back to the app and sign in.",
    },
    address_taken: Form {
        title: "You have an account already",
        lead: "Another sign-up with this address was finished first. Go back to the app and sign \
               in, or set a new password if you do not know the old one.",
        button: "Set a new password",
    },
    refused: Refused {
        used: Message {
            title: "This link has been used",
            lead: "A link works once. If it was you who used it, all is done: go back to the app.",
        },
        expired: Message {
            title: "This link has expired",
            lead: "A link works for a limited time. Ask for a new one.",
        },
        superseded: Message {
            title: "This link is out of date",
            lead: "Your account has changed since we sent the link. If you still need it, ask for \
                   a new one.",
        },
        unknown: Message {
            title: "This link is not valid",
            lead: "Part of it may be missing. Open it from the mail, or copy all of it.",
        },
        again_reset: "Ask for a new link",
        used_sign_up: "Forgot your password?",
        again_sign_up: "Sign up again",
        again_signed_in: "Where you are signed in, you can ask for a new mail in the settings of \
                          your account.",
    },
    disabled: Message {
        title: "This is not available here",
        lead: "This service does not offer what you are looking for.",
    },
    failure: Failure {
        forbidden: "This is not allowed",
        not_found: "There is no page here",
        too_many: "Too many attempts",
        bad_request: "This request cannot be answered",
        server: "Something went wrong here",
        other_site: "This form was not sent from a page of this site, so nothing has been changed. \
                     Open the page here, and try again.",
        no_page: "Check the address for typing errors.",
        wait: "Wait a few minutes, then try again.",
        try_again: "The fault is ours. Try again in a moment.",
        request: "Request",
    },
    welcome: Welcome {
        title: "An authentication service",
        lead: "With this service people sign up and sign in to apps. Its API is for programs: an app \
               gets tokens from it, and checks them.",
        try_it: "Try it",
        links: "Links",
        people: "Are you looking for your account? Open the app that you use it with.",
    },
};
