//! The style: contrast, and nothing that depends on a side or on motion.

use std::collections::BTreeMap;

use regex_lite::Regex;

const STYLE: &str = include_str!("../../src/style.css");

type Colours<'a> = BTreeMap<&'a str, [f64; 3]>;

fn colours(block: &str) -> Colours<'_> {
    let pattern = Regex::new("--([a-z-]+): #([0-9a-f]{6});").unwrap();
    let colours = pattern.captures_iter(block).map(|captures| {
        let hex = captures.get(2).unwrap().as_str();
        let channel = |at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
        let name = captures.get(1).unwrap().as_str();
        (name, [channel(0), channel(2), channel(4)])
    });
    colours.collect()
}

/// WCAG 2.2, relative luminance.
fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let channel = channel / 255.0;
        if channel <= 0.04045 {
            channel / 12.92
        } else {
            ((channel + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// WCAG 2.2, contrast ratio.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    (one / other).max(other / one)
}

#[test]
fn the_contrast_of_black_and_white_is_21() {
    assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 1e-9);
}

/// WCAG 2.2, 1.4.3 for text and 1.4.11 for the borders of inputs and for the focus.
#[test]
fn every_colour_has_enough_contrast_in_light_and_in_dark() {
    let (light, dark) = STYLE.split_once("(prefers-color-scheme: dark)").unwrap();
    let dark = dark.split_once("* {").unwrap().0;
    for (scheme, colours) in [("light", colours(light)), ("dark", colours(dark))] {
        assert_eq!(colours.len(), 10, "{scheme}");
        for (front, back, least) in [
            ("text", "surface", 4.5),
            ("text", "background", 4.5),
            ("muted", "surface", 4.5),
            ("muted", "background", 4.5),
            ("accent", "surface", 4.5),
            ("on-accent", "accent", 4.5),
            ("error", "surface", 4.5),
            ("error", "error-surface", 4.5),
            ("line", "surface", 3.0),
            ("accent", "error-surface", 3.0),
        ] {
            let ratio = contrast(colours[front], colours[back]);
            assert!(ratio >= least, "{scheme}: {front} on {back} is {ratio:.2}");
        }
    }
}

#[test]
fn the_style_has_no_sides_and_moves_only_where_that_is_welcome() {
    let side = Regex::new(r"(left|right)\s*[:;-]").unwrap();
    assert_eq!(side.find(STYLE).map(|found| found.as_str()), None);
    let (before, still) = STYLE
        .split_once("(prefers-reduced-motion: no-preference)")
        .unwrap();
    assert!(still.contains("transition"));
    assert!(!before.contains("transition") && !before.contains("animation"));
    assert!(STYLE.contains("(forced-colors: active)"));
    assert!(!STYLE.contains('<') && !STYLE.contains("url(") && !STYLE.contains("@import"));
}
