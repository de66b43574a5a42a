//! Mail: what is asked for, who may ask for it, and what its bearer shows.

mod limits;
mod mailing;
mod proof;

pub use limits::{MailAsk, MailLimits};
pub use mailing::Mailing;
pub use proof::{Proven, Shown, TicketGuard};
