//! Pages: from a request for one to its answer, errors included.

mod language;
mod layers;
mod mistakes;
mod reader;
mod site;

pub use language::{AskedLanguage, parameter};
pub use reader::Reader;
pub use site::Pages;

#[cfg(test)]
mod tests;
