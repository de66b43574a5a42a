//! The cost of requests: computed from the durations that were measured, the calls that a test counts, and the prices of AWS.

use local::Template;
use serde_json::{Value, json};

use super::goals::Goal;
use super::prices;
use super::results::Results;
use super::sample::median;
use super::share::WHOLE_MB;
use crate::Error;

/// The time that DynamoDB takes to answer on AWS, in seconds. Assumed: nothing here can measure it.
const CALL: f64 = 0.005;
/// The average that rounding up to whole milliseconds adds.
const ROUNDED: f64 = 0.0005;
/// GB of one line of the log.
const LINE: f64 = 0.8e-6;

/// A function, the calls that it makes one after the other, and the request units of all of them.
struct Work {
    function: &'static str,
    calls: f64,
    reads: f64,
    writes: f64,
    /// The number of times that an active user does it in a month.
    monthly: f64,
}

/// As the budget of calls has it; a transaction's writes count twice.
const WORK: [Work; 3] = [
    Work {
        function: "login",
        calls: 2.0,
        reads: 3.0,
        writes: 2.0,
        monthly: 4.0,
    },
    Work {
        function: "refresh",
        calls: 1.0,
        reads: 1.0,
        writes: 1.0,
        monthly: 60.0,
    },
    Work {
        function: "protected",
        calls: 1.0,
        reads: 2.0,
        writes: 0.0,
        monthly: 200.0,
    },
];

/// The price that one millisecond less may have, in dollars a million.
const MILLISECOND: f64 = 0.02;

/// Memory sizes to choose from, in MB.
const SIZES: [f64; 5] = [256.0, 512.0, 1024.0, 1769.0, 3008.0];

impl Work {
    /// Seconds, with so much of a processor.
    fn duration(&self, computing: f64, memory_mb: f64) -> f64 {
        computing * (WHOLE_MB / memory_mb).max(1.0) + self.calls * CALL
    }

    /// Dollars a million, log aside.
    fn million(&self, computing: f64, memory_mb: f64) -> f64 {
        let billed = self.duration(computing, memory_mb) + ROUNDED;
        let lambda = prices::INVOCATIONS + billed * memory_mb / 1024.0 * prices::GB_SECOND * 1e6;
        prices::HTTP_API + lambda + self.reads * prices::READS + self.writes * prices::WRITES
    }
}

/// Dollars a month of users who cost less beyond each step.
fn month_of(steps: &[(f64, f64)], users: f64) -> f64 {
    let ends = steps.iter().skip(1).map(|(from, _)| *from);
    let ends = ends.chain([f64::INFINITY]);
    let dollars = |((from, each), end): (&(f64, f64), f64)| each * (users.min(end) - from).max(0.0);
    steps.iter().zip(ends).map(dollars).sum()
}

/// The size that a function is to have: the largest whose every millisecond less is worth what it costs more.
fn worth(work: &Work, computing: f64) -> f64 {
    let mut chosen = SIZES[0];
    for size in SIZES {
        let saved = work.duration(computing, chosen) - work.duration(computing, size);
        let dollars = work.million(computing, size) - work.million(computing, chosen);
        if dollars <= saved * 1e3 * MILLISECOND {
            chosen = size;
        }
    }
    chosen
}

/// The tables, and what a million logins are to cost at most with the memory that the template gives.
pub(super) fn tell(results: &Results) -> Result<(Value, Goal), Error> {
    let log = LINE * prices::LOG_GB * 1e6;
    println!(
        "\nDollars a million, by memory: DynamoDB answers in {} ms, a line of log is ${log:.2} more",
        CALL * 1e3
    );
    println!(
        "{:16}{}",
        "MB",
        SIZES.map(|size| format!(" {size:>20}")).concat()
    );
    let template = Template::load();
    let mut sizes = Vec::new();
    let (mut login, mut monthly) = (0.0, 0.0);
    for work in &WORK {
        let computing = median(&results.of(work.function)?.warm.computing);
        let deployed = template.memory(work.function);
        let dollars = work.million(computing, deployed);
        sizes.extend(by_size(work, computing));
        println!(
            "   {} MB is worth it; deployed with {deployed}: ${dollars:.2}",
            worth(work, computing)
        );
        monthly += work.monthly * (dollars + log) / 1e6;
        if work.function == "login" {
            login = dollars;
        }
    }
    let what = "cost of a million logins, HTTP API and DynamoDB included";
    let costs = json!({ "per_million": sizes, "per_month": months(monthly) });
    Ok((costs, Goal::dollars(what, login, 3.5)))
}

fn by_size(work: &Work, computing: f64) -> [Value; SIZES.len()] {
    print!("{:16}", work.function);
    SIZES.map(|size| {
        let dollars = work.million(computing, size);
        let ms = work.duration(computing, size) * 1e3;
        print!(" {:>20}", format!("${dollars:.2} in {ms:.0} ms"));
        json!({ "function": work.function, "memory_mb": size, "dollars_a_million": dollars, "ms": ms })
    })
}

/// The monthly cost of some numbers of users, each of whom costs so much, beside Cognito.
fn months(monthly: f64) -> Vec<Value> {
    let each = WORK
        .each_ref()
        .map(|work| format!("{} x {}", work.monthly, work.function));
    println!(
        "\nDollars a month, of whom each user has {}",
        each.join(", ")
    );
    let names = prices::COGNITO.map(|(name, ..)| format!("{name:>12}"));
    println!("{:>10} {:>10} {}", "users", "Latchkey", names.concat());
    let month = |users| {
        let ours = prices::MONTH + users * monthly;
        let cognito = prices::COGNITO.map(|(_, steps)| month_of(steps, users));
        let dollars = cognito.map(|dollars| format!("{dollars:>12.2}"));
        println!("{users:>10} {ours:>10.2} {}", dollars.concat());
        json!({ "users": users, "latchkey": ours, "cognito_lite_essentials_plus": cognito })
    };
    [1e3, 1e4, 1e5, 1e6].map(month).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_beyond_a_step_cost_what_it_says() {
        let steps = [(10.0, 2.0), (100.0, 1.0)];
        for (users, dollars) in [(5.0, 0.0), (20.0, 20.0), (150.0, 230.0)] {
            assert_eq!(month_of(&steps, users), dollars, "{users}");
        }
    }

    #[test]
    fn more_memory_is_worth_it_while_it_makes_a_hash_faster() {
        let [login, _, protected] = &WORK;
        assert!(worth(login, 0.018) > worth(protected, 0.0006));
        assert!(worth(login, 0.018) <= WHOLE_MB);
    }

    #[test]
    fn what_only_computes_costs_the_same_at_any_share_of_a_processor() {
        let work = Work {
            function: "",
            calls: 0.0,
            reads: 0.0,
            writes: 0.0,
            monthly: 0.0,
        };
        let (half, whole) = (
            work.million(0.1, WHOLE_MB / 2.0),
            work.million(0.1, WHOLE_MB),
        );
        assert!((half - whole).abs() < 0.01, "{half} {whole}");
        assert!(work.million(0.1, 2.0 * WHOLE_MB) > whole);
    }
}
