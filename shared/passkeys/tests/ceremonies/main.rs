//! The ceremonies, with passkeys that answer rightly and wrongly.

#![cfg(test)]

mod another_authenticator;
mod assertions;
mod options;
mod party;
mod registrations;
