//! Bars of two parts, one a function, with their numbers in columns beside them.

use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::{ChartBuilder, Color, RGBColor, Rectangle, TRANSPARENT};
use plotters::style::text_anchor::HPos;

use super::figure::{
    COLOURS, Canvas, Figure, GRID, INK, LEFT, PALE_INK, TOP, WIDTH, anchored, font, write,
};
use crate::Error;
use crate::subject::is_function;

const ROW: u32 = 24;
/// The middle of the line above the bars.
const LEGEND: i32 = TOP as i32 - 16;
/// Below the bars: the ticks, and what they count.
const BELOW: u32 = 52;
/// Names end here.
const NAMES: u32 = 142;
/// Where the numbers of each column end.
const COLUMNS: [i32; 2] = [WIDTH as i32 - 86, WIDTH as i32 - 16];
const NUMBERS: u32 = 160;

/// Of the part that is nearer to the axis, and of the other.
const FUNCTION: [RGBColor; 2] = [COLOURS[0], RGBColor(0xa6, 0xc2, 0xdd)];
const MEASURE: [RGBColor; 2] = [RGBColor(0x75, 0x7d, 0x86), RGBColor(0xc9, 0xce, 0xd3)];

pub(super) struct Bar<'a> {
    pub(super) name: &'a str,
    /// Where the first part ends.
    pub(super) near: f64,
    /// Where the second one ends, from the axis on.
    pub(super) far: f64,
}

pub(super) fn height(bars: &[Bar]) -> u32 {
    TOP + ROW * bars.len() as u32 + BELOW
}

/// `parts` are what the legend says of the two, `columns` what is above their numbers.
pub(super) fn draw<X>(
    figure: &Figure,
    parts: [&str; 2],
    columns: [&str; 2],
    (unit, axis): (&str, X),
    bars: &[Bar],
) -> Result<(), Error>
where
    X: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
{
    let canvas = figure.canvas()?;
    legend(&canvas, parts, columns)?;
    let mut chart = ChartBuilder::on(&canvas)
        .margin_top(TOP)
        .margin_left(NAMES)
        .margin_right(NUMBERS)
        .margin_bottom(8)
        .x_label_area_size(BELOW - 8)
        .build_cartesian_2d(axis, 0.0..bars.len() as f64)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .set_all_tick_mark_size(4)
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(TRANSPARENT)
        .x_labels(8)
        .x_label_style(font(12.0, PALE_INK))
        .x_label_formatter(&|ms| ((ms * 1e3).round() / 1e3).to_string())
        .x_desc(unit)
        .draw()?;
    let begin = chart.x_range().start;
    let end_at = |ms| chart.backend_coord(&(ms, 0.0)).0;
    for (bar, index) in bars.iter().zip(0..) {
        let middle = (TOP + ROW * index + ROW / 2) as i32;
        row(&canvas, bar, middle, [begin, bar.near, bar.far].map(end_at))?;
    }
    Ok(canvas.present()?)
}

/// One bar with its name and numbers, between these places.
fn row(canvas: &Canvas, bar: &Bar, middle: i32, places: [i32; 3]) -> Result<(), Error> {
    let (colours, ink) = if is_function(bar.name) {
        (FUNCTION, INK)
    } else {
        (MEASURE, PALE_INK)
    };
    for (ends, colour) in places.windows(2).zip(colours) {
        let corners = [(ends[0], middle - 8), (ends[1], middle + 8)];
        canvas.draw(&Rectangle::new(corners, colour.filled()))?;
    }
    write(canvas, bar.name, (LEFT, middle), &font(13.0, ink))?;
    let style = anchored(&font(13.0, ink), HPos::Right);
    for (ms, at) in [bar.near, bar.far].into_iter().zip(COLUMNS) {
        write(canvas, &milliseconds(ms), (at, middle), &style)?;
    }
    Ok(())
}

/// A sample of both colours and what they stand for, for each part, and what is in the columns.
fn legend(canvas: &Canvas, parts: [&str; 2], columns: [&str; 2]) -> Result<(), Error> {
    let style = anchored(&font(12.0, PALE_INK), HPos::Right);
    for (column, at) in columns.into_iter().zip(COLUMNS) {
        write(canvas, column, (at, LEGEND), &style)?;
    }
    for (part, index) in parts.into_iter().zip(0..) {
        let x = LEFT + index * 220;
        for (colours, x) in [(FUNCTION, x), (MEASURE, x + 14)] {
            let corners = [(x, LEGEND - 6), (x + 12, LEGEND + 6)];
            canvas.draw(&Rectangle::new(corners, colours[index as usize].filled()))?;
        }
        write(canvas, part, (x + 34, LEGEND), &font(12.0, INK))?;
    }
    Ok(())
}

/// Three digits that count.
fn milliseconds(ms: f64) -> String {
    let decimals = if ms < 10.0 {
        2
    } else {
        usize::from(ms < 100.0)
    };
    format!("{ms:.decimals$}")
}
