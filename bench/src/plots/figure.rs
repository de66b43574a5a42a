//! The common parts of all figures: paper, ink and numbers.

use std::ops::Range;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::{
    Color, DrawingArea, IntoDrawingArea, IntoFont, RGBColor, SVGBackend, Text, TextStyle, WHITE,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::Error;

pub(super) const WIDTH: u32 = 900;
/// Where text and names begin.
pub(super) const LEFT: i32 = 16;
/// Of the plot itself, below title and legend.
pub(super) const TOP: u32 = 92;

pub(super) const INK: RGBColor = RGBColor(0x22, 0x2b, 0x35);
pub(super) const PALE_INK: RGBColor = RGBColor(0x5a, 0x66, 0x73);
pub(super) const GRID: RGBColor = RGBColor(0xe3, 0xe7, 0xeb);
/// Each is dark enough for text on white.
pub(super) const COLOURS: [RGBColor; 4] = [
    RGBColor(0x2b, 0x5c, 0x8a),
    RGBColor(0x3f, 0x75, 0x4c),
    RGBColor(0xa3, 0x5f, 0x14),
    RGBColor(0x7d, 0x4f, 0x86),
];

pub(super) type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;

pub(super) struct Figure<'a> {
    pub(super) file: &'a Path,
    pub(super) title: &'a str,
    pub(super) says: &'a str,
    pub(super) height: u32,
}

impl<'a> Figure<'a> {
    /// Paper with the title on it. The file is written when it is presented.
    pub(super) fn canvas(&self) -> Result<Canvas<'a>, Error> {
        let canvas = SVGBackend::new(self.file, (WIDTH, self.height)).into_drawing_area();
        canvas.fill(&WHITE)?;
        write(&canvas, self.title, (LEFT, 26), &font(18.0, INK))?;
        write(&canvas, self.says, (LEFT, 50), &font(13.0, PALE_INK))?;
        Ok(canvas)
    }
}

/// Of so many pixels, begun at the left. No font is embedded, so that nothing may depend on how wide a text comes out.
pub(super) fn font(pixels: f64, colour: RGBColor) -> TextStyle<'static> {
    // The backend divides by this.
    let size = pixels * 1.24;
    TextStyle {
        font: ("sans-serif", size).into_font(),
        color: colour.to_backend_color(),
        pos: Pos::new(HPos::Left, VPos::Center),
    }
}

/// The same, ended or centred there.
pub(super) fn anchored(style: &TextStyle<'static>, at: HPos) -> TextStyle<'static> {
    style.pos(Pos::new(at, VPos::Center))
}

pub(super) fn write(
    canvas: &Canvas,
    text: &str,
    at: (i32, i32),
    style: &TextStyle<'static>,
) -> Result<(), Error> {
    Ok(canvas.draw(&Text::new(text, at, style.clone()))?)
}

/// The steps of an axis: one of these, times a power of ten.
pub(super) fn ticks(range: &Range<f64>, steps: &[f64]) -> Vec<f64> {
    let decades = range.start.log10().floor() as i32..=range.end.log10().ceil() as i32;
    decades
        .flat_map(|decade| steps.iter().map(move |step| step * 10_f64.powi(decade)))
        .filter(|tick| range.contains(tick))
        .collect()
}

/// `$8.45`, and whole dollars of more than a hundred.
pub(super) fn dollars(dollars: f64) -> String {
    if dollars >= 100.0 || dollars.fract() == 0.0 {
        format!("${}", thousands(dollars))
    } else {
        format!("${dollars:.2}")
    }
}

/// `1,000,000`.
pub(super) fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
