//! The cost of requests and of users.

use std::path::Path;

use plotters::prelude::{BindKeyPoints, IntoLogRange};
use serde_json::Value;

use super::figure::{self, Figure};
use super::lines::{self, Axes, Line};
use super::values::{extent, number, rows, text};
use crate::Error;
use crate::prices;

const HEIGHT: u32 = 460;

pub(super) fn cost(all: &Value, file: &Path) -> Result<(), Error> {
    let mut lines: Vec<Line> = Vec::new();
    let mut sizes = Vec::new();
    for row in rows(all, "/costs/per_million")? {
        let name = text(row, "function")?;
        let (size, dollars) = (number(row, "memory_mb")?, number(row, "dollars_a_million")?);
        let beside = format!("${dollars:.2}, {:.0} ms", number(row, "ms")?);
        if !sizes.contains(&size) {
            sizes.push(size);
        }
        let known = lines.iter().position(|line| line.name == name);
        let index = known.unwrap_or_else(|| {
            lines.push(Line::new(name));
            lines.len() - 1
        });
        lines[index].points.push((size, dollars, Some(beside)));
    }
    let (smallest, largest) = extent(sizes.iter().copied())?;
    let (_, dearest) = extent(lines::values(&lines))?;
    let x = smallest / 1.2..largest * 1.5;
    let axes = Axes {
        x: x.log_scale().with_key_points(sizes),
        y: 0.0..dearest * 1.08,
        x_says: "MB of memory, on a logarithmic axis",
        x_label: &|size| figure::thousands(*size),
        y_label: &|dollars| figure::dollars(*dollars),
        names: 24,
    };
    let figure = Figure {
        file,
        title: "Dollars a million requests, by the memory of the function",
        says: "HTTP API, Lambda and DynamoDB, without the log; beside each price, how long one request takes.",
        height: HEIGHT,
    };
    lines::draw(&figure, axes, &lines)
}

pub(super) fn month(all: &Value, file: &Path) -> Result<(), Error> {
    let rows = rows(all, "/costs/per_month")?;
    let months = rows.iter().map(|row| number(row, "users"));
    let months = months.collect::<Result<Vec<_>, _>>()?;
    let lines = latchkey_and_cognito(rows, &months)?;
    let (fewest, most) = extent(months.iter().copied())?;
    let (cheapest, dearest) = extent(lines::values(&lines))?;
    let (x, y) = (fewest / 1.3..most * 1.1, cheapest / 1.8..dearest * 1.6);
    let decades = figure::ticks(&y, &[1.0]);
    let axes = Axes {
        x: x.log_scale().with_key_points(months),
        y: y.log_scale().with_key_points(decades),
        x_says: "users who are active in the month",
        x_label: &|users| figure::thousands(*users),
        y_label: &|dollars| figure::dollars(*dollars),
        names: 204,
    };
    let figure = Figure {
        file,
        title: "Dollars a month of Latchkey and of Amazon Cognito, by users",
        says: "Both axes are logarithmic, and what is free is not drawn.",
        height: HEIGHT,
    };
    lines::draw(&figure, axes, &lines)
}

fn latchkey_and_cognito(rows: &[Value], months: &[f64]) -> Result<Vec<Line>, Error> {
    let mut latchkey = Line::new("Latchkey");
    let mut cognito = prices::COGNITO.map(|(tier, ..)| Line::new(&format!("Cognito {tier}")));
    for (row, &users) in rows.iter().zip(months) {
        let ours = number(row, "latchkey")?;
        let says = Some(figure::dollars(ours));
        latchkey.points.push((users, ours, says));
        for (index, line) in cognito.iter_mut().enumerate() {
            let asked = row["cognito_lite_essentials_plus"][index].as_f64();
            let asked = asked.ok_or_else(|| format!("no price of {} in {row}", line.name))?;
            // A logarithm has no zero.
            if asked > 0.0 {
                line.points.push((users, asked, None));
            }
        }
    }
    let mut lines = vec![latchkey];
    lines.extend(cognito);
    for line in &mut lines {
        if let Some((_, dollars, says)) = line.points.last_mut() {
            line.name = format!("{}, {}", line.name, figure::dollars(*dollars));
            *says = None;
        }
    }
    Ok(lines)
}
