//! The command as a process of its own, on a DynamoDB engine.

#![cfg(test)]

mod clock;
mod keys;
mod local;
mod users;
mod versions;
