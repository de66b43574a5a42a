//! The command as a process of its own, on a DynamoDB engine.

#![cfg(test)]

mod clock;
mod cloud;
mod factor_keys;
mod factors;
mod keys;
mod local;
mod mails;
mod users;
mod versions;
