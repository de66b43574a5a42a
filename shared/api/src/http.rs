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

pub(crate) use body::FORM;
pub use body::{AnyBody, Form, JsonOrForm};
pub use deadline::{Deadline, Late};
pub use door::{Door, Edge, Reply};
pub(crate) use door::{EDGE_SECRET, SecretHash};
pub use fields::{Fields, Patch};
pub use gateway::Gateway;
pub use layers::layered;
pub(crate) use layers::{RequestFacts, answer_and_log, caught, is_meant};
pub(crate) use media_type::MediaType;
pub use parameters::{PathId, Query};
pub(crate) use problem::{add_advice, write as write_problem};
pub use raw_event::{EventHeaders, read_event};
pub use user_answer::{UserAnswer, UserAnswers, second_factor_rule};
