//! The values of the bench's JSON, by name.

use serde_json::Value;

use crate::Error;

pub(super) fn rows<'a>(all: &'a Value, pointer: &str) -> Result<&'a [Value], Error> {
    let rows = all.pointer(pointer).and_then(Value::as_array);
    Ok(rows.ok_or_else(|| format!("{pointer} is not a list"))?)
}

pub(super) fn number(row: &Value, name: &str) -> Result<f64, Error> {
    let number = row[name].as_f64();
    Ok(number.ok_or_else(|| format!("{name} is not a number in {row}"))?)
}

pub(super) fn text<'a>(row: &'a Value, name: &str) -> Result<&'a str, Error> {
    let text = row[name].as_str();
    Ok(text.ok_or_else(|| format!("{name} is not a text in {row}"))?)
}

/// The least and the most, of which a logarithmic axis needs that they are positive.
pub(super) fn extent(values: impl Iterator<Item = f64>) -> Result<(f64, f64), Error> {
    let (least, most) = values.fold((f64::INFINITY, 0.0_f64), |(least, most), value| {
        (least.min(value), most.max(value))
    });
    if least > 0.0 && most.is_finite() && least <= most {
        Ok((least, most))
    } else {
        Err(format!("nothing can be drawn from {least} to {most}").into())
    }
}
