//! Every page in every state and language, as a client gets it.

#![cfg(test)]

mod forms;
mod headers;
mod html;
mod look;
mod origin;
mod samples;
