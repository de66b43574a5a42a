//! The command line.

use std::path::PathBuf;

use accounts::{Email, Username};
use claims::Role;
use clap::{Args, Parser, Subcommand};

/// Manage the accounts, keys and mails of a Latchkey deployment
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Print JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Write to a stack that is newer than this command, too
    #[arg(long, global = true)]
    pub(crate) newer_stack: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Command {
    /// Returns whether it changes something in the tables.
    pub(crate) fn writes(&self) -> bool {
        match self {
            Self::Users { command } => !matches!(command, Users::List { .. } | Users::Show { .. }),
            Self::Keys { command } => !matches!(command, Keys::List),
            Self::Mail { .. } => false,
        }
    }
}

/// Which deployment: without any of these, the local stack of the current directory.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The CloudFormation stack on AWS
    #[arg(long, global = true, env = "LATCHKEY_STACK", value_name = "NAME")]
    pub(crate) stack: Option<String>,
    /// The stack's AWS region
    #[arg(long, global = true)]
    pub(crate) region: Option<String>,
    /// The AWS profile to use
    #[arg(long, global = true)]
    pub(crate) profile: Option<String>,
    /// Where the local stack keeps its data
    #[arg(
        long,
        global = true,
        env = "LATCHKEY_LOCAL",
        value_name = "DIRECTORY",
        default_value = "target/dev",
        conflicts_with = "stack"
    )]
    pub(crate) local: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Accounts
    Users {
        #[command(subcommand)]
        command: Users,
    },
    /// The keys that sign and tag tokens, and seal the secrets of second factors
    Keys {
        #[command(subcommand)]
        command: Keys,
    },
    /// The mails that the deployment sends
    Mail {
        #[command(subcommand)]
        command: Mail,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Mail {
    /// Send a mail as the deployment does, and say whether Amazon SES is in its sandbox
    Test {
        #[arg(value_parser = Email::parse)]
        address: Email,
    },
    /// Say whether Amazon SES suppresses mails to an address
    Suppressed {
        #[arg(value_parser = Email::parse)]
        address: Email,
        /// Have mails to it sent again
        #[arg(long)]
        remove: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// List the keys and their times
    List,
    /// Activate the next keys as soon as every verifier can know them
    Rotate,
    /// End keys that may have leaked: their tokens will be refused, their secrets sealed anew
    Retire {
        /// The keys' ids, as `keys list` shows them; after `--`, for one may begin with a hyphen
        #[arg(required = true)]
        id: Vec<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// USER is a username, an e-mail address or an id.
#[derive(Debug, Subcommand)]
pub(crate) enum Users {
    /// Create an account
    Create(Create),
    /// List accounts
    List {
        /// At most so many
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
    },
    /// Show an account
    Show { user: String },
    /// Give an account a role of the stack's parameter Roles
    Grant { user: String, role: Role },
    /// Take a role from an account
    Revoke { user: String, role: Role },
    /// Shut an account out
    Disable { user: String },
    /// Let an account in again
    Enable { user: String },
    /// Invite somebody by mail, who then chooses a password
    Invite(Invite),
    /// Mail the owner of an account a link for a new password
    SendReset { user: String },
    /// End every session of an account
    SignOut { user: String },
    /// Remove all second factors and passkeys of an account, and end every session of it
    RemoveFactors {
        user: String,
        /// Void the password too, so that its owner has to set a new one by mail
        #[arg(long)]
        reset_password: bool,
    },
    /// Delete an account
    Delete {
        user: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Invite {
    /// The e-mail address of the new account
    #[arg(value_parser = Email::parse)]
    pub(crate) email: Email,
    /// A role of the stack's parameter Roles for the new account; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    pub(crate) roles: Vec<Role>,
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The name to sign in with
    #[arg(long, value_parser = Username::parse, required_unless_present = "email")]
    pub(crate) username: Option<Username>,
    /// The e-mail address to sign in with
    #[arg(long, value_parser = Email::parse)]
    pub(crate) email: Option<Email>,
    /// A role of the stack's parameter Roles to have from the start; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    pub(crate) roles: Vec<Role>,
    /// Read the password from the first line of the standard input, and do not ask
    #[arg(long)]
    pub(crate) password_stdin: bool,
}
