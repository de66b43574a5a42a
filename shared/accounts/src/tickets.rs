//! Tickets: permissions to do one thing, once, for the bearer of a text.
//!
//! A ticket is a row and two texts. The *handle* goes to the client that asked for the ticket and
//! names the row. The *link* goes out by mail and proves that its bearer reads that mail; a *code*
//! of eight digits beside a handle proves the same. The row has no secret: link and code are
//! computed from a MAC key of the ring, the ticket's id and a salt, so that neither a stolen table
//! nor a stolen key alone makes one.

mod code;
mod lives;
mod purpose;
mod seed;
mod text;
mod ticket;

pub use code::TicketCode;
pub use lives::{INVITATION_LIFE, PROOF_LIFE, RESET_LIFE};
pub use purpose::Purpose;
pub use seed::{NewTicketError, TicketId, TicketSalt, TicketSeed};
pub use text::{Handle, Link, TicketText};
pub use ticket::{MAX_GUESSES, Refused, Spending, Ticket};

#[cfg(test)]
mod tests;
