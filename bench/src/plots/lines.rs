//! Lines with points, each named where it ends.

use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::{ChartBuilder, Circle, Color, PathElement, RGBColor, TRANSPARENT};

use super::figure::{COLOURS, Canvas, Figure, GRID, INK, LEFT, PALE_INK, TOP, font, write};
use crate::Error;

/// Two names nearer to each other than that would overlap.
const APART: i32 = 17;

pub(super) struct Line {
    pub(super) name: String,
    /// Where they are, and what is written beside them.
    pub(super) points: Vec<(f64, f64, Option<String>)>,
}

impl Line {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            points: Vec::new(),
        }
    }
}

pub(super) struct Axes<'a, X, Y> {
    pub(super) x: X,
    pub(super) y: Y,
    pub(super) x_says: &'a str,
    pub(super) x_label: &'a dyn Fn(&f64) -> String,
    pub(super) y_label: &'a dyn Fn(&f64) -> String,
    /// Room for names at the right of the plot.
    pub(super) names: u32,
}

/// Of all lines.
pub(super) fn values(lines: &[Line]) -> impl Iterator<Item = f64> {
    lines
        .iter()
        .flat_map(|line| line.points.iter().map(|(_, value, _)| *value))
}

pub(super) fn draw<X, Y>(figure: &Figure, axes: Axes<X, Y>, lines: &[Line]) -> Result<(), Error>
where
    X: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
    Y: AsRangedCoord<Value = f64>,
    Y::CoordDescType: ValueFormatter<f64>,
{
    let canvas = figure.canvas()?;
    let mut chart = ChartBuilder::on(&canvas)
        .margin_top(TOP - 16)
        .margin_left(LEFT)
        .margin_right(axes.names)
        .margin_bottom(8)
        .x_label_area_size(44)
        .y_label_area_size(60)
        .build_cartesian_2d(axes.x, axes.y)?;
    chart
        .configure_mesh()
        .set_all_tick_mark_size(4)
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(TRANSPARENT)
        .y_labels(6)
        .label_style(font(12.0, PALE_INK))
        .x_label_formatter(axes.x_label)
        .y_label_formatter(axes.y_label)
        .x_desc(axes.x_says)
        .draw()?;
    let mut ends = Vec::new();
    for (line, colour) in lines.iter().zip(COLOURS.into_iter().cycle()) {
        let place = |(x, y, _): &(f64, f64, _)| chart.backend_coord(&(*x, *y));
        let points: Vec<_> = line.points.iter().map(place).collect();
        canvas.draw(&PathElement::new(points.clone(), colour.stroke_width(2)))?;
        for ((x, y), (.., says)) in points.iter().zip(&line.points) {
            canvas.draw(&Circle::new((*x, *y), 4, colour.filled()))?;
            if let Some(says) = says {
                // Below and to the right, where a line that climbs leaves room.
                write(&canvas, says, (x + 6, y + 16), &font(12.0, INK))?;
            }
        }
        if let Some(end) = points.last() {
            ends.push((*end, line.name.as_str(), colour));
        }
    }
    name(&canvas, ends)?;
    Ok(canvas.present()?)
}

/// Each where its line ends, or as far below as the one before it demands.
fn name(canvas: &Canvas, mut ends: Vec<((i32, i32), &str, RGBColor)>) -> Result<(), Error> {
    ends.sort_by_key(|((_, y), ..)| *y);
    let mut free = i32::MIN;
    for ((x, y), name, colour) in ends {
        let y = y.max(free);
        free = y + APART;
        write(canvas, name, (x + 11, y), &font(13.0, colour))?;
    }
    Ok(())
}
