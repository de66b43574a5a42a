//! English.

use super::{Texts, Topic};

pub(super) static TEXTS: Texts = Texts {
    language: "en",
    signup: Topic {
        subject: |name| format!("Finish signing up for {name}"),
        body: |name| {
            format!(
                "Someone asked to sign up for {name} with this address. To go on, open this link and choose a password:"
            )
        },
        link: "Finish signing up",
    },
    taken: Topic {
        subject: |name| format!("You have an account at {name}"),
        body: |name| {
            format!(
                "Someone asked to sign up for {name} with this address, which already has an account. Sign in with it. If you have forgotten the password, set a new one:"
            )
        },
        link: "Set a new password",
    },
    invited: Topic {
        subject: |name| format!("You are invited to {name}"),
        body: |name| {
            format!("You are invited to {name}. To accept, open this link and choose a password:")
        },
        link: "Accept the invitation",
    },
    email: Topic {
        subject: |name| format!("Confirm your address for {name}"),
        body: |name| {
            format!(
                "This address was entered for an account at {name}. To confirm it, open this link where you are signed in:"
            )
        },
        link: "Confirm the address",
    },
    reset: Topic {
        subject: |name| format!("Set a new password for {name}"),
        body: |name| {
            format!(
                "Someone asked for a new password for your account at {name}. To set it, open this link:"
            )
        },
        link: "Set a new password",
    },
    reset_barred: Topic {
        subject: |name| format!("Your password for {name} cannot be set by mail"),
        body: |name| {
            format!(
                "Someone asked for a new password for an account at {name} that has this address. The account has a second factor, and its owner has never confirmed the address, so that it has no way back by mail. If the account is yours, ask those who run the service to remove its second factors."
            )
        },
        link: "",
    },
    password_set: Topic {
        subject: |name| format!("Your password for {name} was changed"),
        body: |name| {
            format!(
                "The password of your account at {name} was changed. All other devices are signed out."
            )
        },
        link: "Set a new password",
    },
    password_reset: Topic {
        subject: |name| format!("Your password for {name} was reset"),
        body: |name| {
            format!(
                "The password of your account at {name} was reset by a mailed link or code. All devices are signed out. If the account has passkeys, they still sign in: remove any that is not yours."
            )
        },
        link: "Set a new password",
    },
    address_asked: Topic {
        subject: |name| format!("Another address for your account at {name}"),
        body: |name| {
            format!(
                "Another address was entered for your account at {name}. If you agree, open this link where you are signed in, and the change needs no further wait:"
            )
        },
        link: "Agree to the change",
    },
    address_changed: Topic {
        subject: |name| format!("Your address for {name} was changed"),
        body: |name| {
            format!(
                "Your account at {name} has another address now. This one no longer belongs to it."
            )
        },
        link: "",
    },
    disabled: Topic {
        subject: |name| format!("Your account at {name} was disabled"),
        body: |name| {
            format!(
                "An administrator has disabled your account at {name}. Nobody can sign in to it."
            )
        },
        link: "",
    },
    deleted: Topic {
        subject: |name| format!("Your account at {name} was deleted"),
        body: |name| format!("Your account at {name} was deleted."),
        link: "",
    },
    totp_added: Topic {
        subject: |name| format!("An authenticator app for your account at {name}"),
        body: |name| {
            format!(
                "An authenticator app was added to your account at {name}. One of its codes is asked for after the password. All other devices are signed out."
            )
        },
        link: "Set a new password",
    },
    passkey_added: Topic {
        subject: |name| format!("A passkey for your account at {name}"),
        body: |name| {
            format!(
                "A passkey was added to your account at {name}. Whoever has it can sign in to the account."
            )
        },
        link: "Set a new password",
    },
    totp_removed: Topic {
        subject: |name| format!("An authenticator app was removed from your account at {name}"),
        body: |name| {
            format!(
                "The authenticator app was removed from your account at {name}. Its codes are no longer asked for. All other devices are signed out."
            )
        },
        link: "Set a new password",
    },
    passkey_removed: Topic {
        subject: |name| format!("A passkey was removed from your account at {name}"),
        body: |name| {
            format!(
                "A passkey was removed from your account at {name}. Nobody can sign in with it any more. All other devices are signed out."
            )
        },
        link: "Set a new password",
    },
    factors_removed: Topic {
        subject: |name| format!("Your second factors at {name} were removed"),
        body: |name| {
            format!(
                "An administrator has removed all second factors and passkeys from your account at {name}. All devices are signed out."
            )
        },
        link: "",
    },
    second_factor_optional: Topic {
        subject: |name| format!("A second factor at {name} is no longer asked for"),
        body: |name| {
            format!(
                "Your account at {name} no longer asks for a second factor after the password. All other devices are signed out."
            )
        },
        link: "Set a new password",
    },
    recovery_codes_made: Topic {
        subject: |name| format!("New recovery codes for your account at {name}"),
        body: |name| {
            format!(
                "New recovery codes were made for your account at {name}. The former ones do not count any more."
            )
        },
        link: "Set a new password",
    },
    recovery_code_used: Topic {
        subject: |name| format!("A recovery code for {name} was used"),
        body: |name| {
            format!(
                "A recovery code of your account at {name} was used in place of the second factor. It does not count again."
            )
        },
        link: "Set a new password",
    },
    wrong_codes: Topic {
        subject: |name| format!("Wrong codes for your account at {name}"),
        body: |name| {
            format!(
                "Many wrong codes in a row were entered for your account at {name}. They came from somebody who knows the password or has a device that is signed in."
            )
        },
        link: "Set a new password",
    },
    mfa_locked: Topic {
        subject: |name| format!("Codes for your account at {name} are locked"),
        body: |name| {
            format!(
                "Too many wrong codes in a row were entered for your account at {name}. Codes of the authenticator app are not accepted any more, until a recovery code or a passkey was used or an administrator has removed the app."
            )
        },
        link: "Set a new password",
    },
    code: "Or type this code where you are asked for it:",
    valid_until: |time| format!("Link and code are valid until {time}, for one use."),
    link_valid_until: |time| format!("The link is valid until {time}, for one use."),
    at: |time| format!("Time: {time}."),
    asked_from: |asker| format!("Requested from: {asker}."),
    never_asked: "Nobody will call you or write to you to ask for this code.",
    ignore: "If you did not expect this mail, ignore it.",
    not_you: "If it was not you, set a new password at once:",
    stop: "If you do nothing, the change can take effect after a waiting time, or at once if it was entered with a second factor. To stop it, set a new password:",
    ask_us: "If you did not expect this, contact those who run the service.",
    factor_stays: "A new password does not remove it. If it is not yours, ask those who run the service to remove it.",
};
