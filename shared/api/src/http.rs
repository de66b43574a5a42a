//! HTTP: from the gateway's event to the router, and back.

mod body;
mod deadline;
mod door;
mod fields;
mod gateway;
mod layers;
mod login_name;
mod media_type;
mod object;
mod parameters;
mod problem;
mod raw_event;
mod user_answer;

pub use body::{AnyBody, Form, JsonOrForm};
pub use deadline::{Deadline, Late};
pub use door::{Door, Edge, Reply};
pub(crate) use door::{EDGE_SECRET, SecretHash};
pub use fields::{Fields, Patch};
pub use gateway::Gateway;
pub use layers::layered;
pub use parameters::{PathId, Query};
pub use raw_event::{EventHeaders, read_event};
pub use user_answer::UserAnswer;
