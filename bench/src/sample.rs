//! A sample: many measurements of one thing.

use std::time::Duration;

/// The value below which that part of the sample is.
pub(super) fn quantile(sample: &[Duration], part: f64) -> Duration {
    let mut sorted = sample.to_vec();
    sorted.sort();
    let last = sorted.len().saturating_sub(1);
    let index = (last as f64 * part).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}

/// In seconds.
pub(super) fn median(sample: &[Duration]) -> f64 {
    quantile(sample, 0.5).as_secs_f64()
}

/// The mean of its middle half, in seconds: where a sample has steps, its median jumps from one to the next.
pub(super) fn middle(sample: &[Duration]) -> f64 {
    middle_half(sample.iter().map(Duration::as_secs_f64).collect())
}

/// The ratio of two that were measured in turn for so many rounds: the middle of what each round
/// says, since the speed of the machine drifts from one to the next.
pub(super) fn ratio(one: &[Duration], other: &[Duration], rounds: usize) -> f64 {
    let pairs = middles(one, rounds).into_iter().zip(middles(other, rounds));
    middle_half(pairs.map(|(one, other)| one / other).collect())
}

/// Two that were measured in turn, added round by round: one value a round.
pub(super) fn added(one: &[Duration], other: &[Duration], rounds: usize) -> Vec<Duration> {
    let pairs = middles(one, rounds).into_iter().zip(middles(other, rounds));
    pairs
        .map(|(one, other)| Duration::from_secs_f64(one + other))
        .collect()
}

/// The middle of each round.
fn middles(sample: &[Duration], rounds: usize) -> Vec<f64> {
    let in_a_row = (sample.len() / rounds).max(1);
    sample.chunks(in_a_row).map(middle).collect()
}

fn middle_half(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let outside = values.len() / 4;
    let half = &values[outside..values.len() - outside];
    half.iter().sum::<f64>() / half.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds<const N: usize>(of: [u64; N]) -> [Duration; N] {
        of.map(Duration::from_secs)
    }

    #[test]
    fn what_is_outside_does_not_move_the_middle() {
        assert_eq!(middle(&seconds([9_000, 2, 4, 0])), 3.0);
    }

    #[test]
    fn a_quantile_is_one_of_the_sample() {
        let sample: Vec<_> = (1..=101).rev().map(Duration::from_millis).collect();
        assert_eq!(median(&sample), 0.051);
        assert_eq!(quantile(&sample, 0.99), Duration::from_millis(100));
        assert_eq!(quantile(&[], 0.5), Duration::ZERO);
    }

    #[test]
    fn rounds_are_added_one_by_one() {
        let (one, other) = (seconds([1, 3, 10, 10]), seconds([5, 7]));
        assert_eq!(added(&one, &other, 2), seconds([7, 17]));
    }

    #[test]
    fn a_drift_does_not_move_a_ratio() {
        let (one, other) = (seconds([2, 2, 20, 20, 200, 200]), seconds([1, 10, 100]));
        assert_eq!(ratio(&one, &other, 3), 2.0);
    }
}
