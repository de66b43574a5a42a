//! The pages for people: layout, texts, look, headers, and the rule that a form comes from the same
//! origin.
//!
//! - [`Site`], [`Frame`]: the deployment, and the language of the reader
//! - [`Page`]: a rendered page, as an answer with the headers that every page has
//! - [`forgot_password`], [`sign_up`], [`reset_password`], [`confirm_sign_up`]: forms, with their
//!   [`Mistake`]s
//! - [`reset_mailed`], [`sign_up_mailed`], [`confirm_address`], [`agree_to_address`],
//!   [`password_set`], [`signed_up`], [`address_taken`], [`link_refused`]: pages that tell something
//! - [`feature_disabled`], [`failure`], [`welcome`]
//! - [`prefers_html`]: whether a client wants a page
//! - [`SameOrigin`]: refuses forms from elsewhere
//!
//! A page is one request: its style is in it, it has no script, image or font. It knows no table,
//! no route and no account.

mod accept;
mod failures;
mod forms;
mod language;
mod messages;
mod mistake;
mod origin;
mod page;
mod site;
mod style;
mod texts;
mod welcome;

pub use accept::prefers_html;
pub use failures::failure;
pub use forms::{Proof, confirm_sign_up, forgot_password, reset_password, sign_up};
pub use language::Language;
pub use messages::{
    Errand, Refusal, address_taken, agree_to_address, confirm_address, feature_disabled,
    link_refused, password_set, reset_mailed, sign_up_mailed, signed_up,
};
pub use mistake::{Field, Mistake};
pub use origin::{OriginError, SameOrigin};
pub use page::Page;
pub use site::{Frame, Site};
pub use welcome::welcome;
