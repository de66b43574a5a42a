//! Keys, the ring that they are kept in, and the tokens that they sign.

mod key_sets;
mod private_keys;
mod ring;
mod tokens;
