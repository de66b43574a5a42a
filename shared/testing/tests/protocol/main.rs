//! The whole API in this process, each test on a stack of its own.

#![cfg(test)]

mod access;
mod account;
mod admin;
mod budget;
mod configuration;
mod deployment;
mod documents;
mod edge;
mod factor_keys;
mod factors;
mod faults;
mod guessing;
mod hostile;
mod input;
mod kept_factors;
mod logout;
mod logout_bodies;
mod mfa_required;
mod oauth;
mod parameters;
mod partitions;
mod passkeys;
mod passwords;
mod policies;
mod refresh;
mod registration;
mod ring_cases;
mod roles;
mod rotation;
mod sample;
mod sessions;
mod sign_in;
mod spellings;
mod template;
mod throttling;
mod tokens;
mod upgrades;
mod versions;
