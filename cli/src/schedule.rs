//! The schedule of a deployment's keys, from its parameters.

use std::collections::HashMap;

use keyring::Schedule;

use crate::Error;

const DAY: u64 = 86_400;

/// The schedule of these parameters of the template.
pub(crate) fn of(parameters: &HashMap<String, String>) -> Result<Schedule, Error> {
    let value = |name: &str| {
        let value = parameters.get(name);
        value.ok_or_else(|| format!("the stack has no parameter {name}"))
    };
    let number = |name: &str| -> Result<u64, Error> {
        let number = value(name)?.parse();
        number.map_err(|_| format!("the stack's parameter {name} is no number").into())
    };
    Ok(Schedule {
        algorithm: value("SigningAlgorithm")?.parse()?,
        period: number("KeyRotationDays")?.saturating_mul(DAY),
        session_lifetime: number("SessionLifetime")?,
    })
}
