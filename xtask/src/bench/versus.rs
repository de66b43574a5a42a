//! The same work by functions and by Flask, in turn.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::flask::{Accounts, Flask};
use super::goals::Goal;
use super::lambda::Environment;
use super::measure::middle;
use super::stage::Stage;
use super::subject::Subject;
use super::usage;
use crate::venv::Tools;
use crate::{Error, tools};

/// How often each side starts.
const STARTS: usize = 31;
/// How often each side is asked in turn.
const ROUNDS: usize = 20;
/// For the machine to be done with the process before.
const PAUSE: Duration = Duration::from_millis(50);

/// Work that both sides do.
struct Work {
    what: &'static str,
    function: &'static str,
    accounts: Accounts,
    asks: Ask,
    /// How often in a row it is asked.
    in_a_row: u32,
    /// How much of Flask's time from start to first answer, computing and memory the function may take.
    at_most: [Option<f64>; 3],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    Login,
    Protected,
}

const WORK: [Work; 3] = [
    Work {
        what: "login",
        function: "login",
        accounts: Accounts::DynamoDb,
        asks: Ask::Login,
        in_a_row: 10,
        at_most: [Some(1.0 / 15.0), None, None],
    },
    Work {
        what: "protected, its session read",
        function: "protected",
        accounts: Accounts::DynamoDb,
        asks: Ask::Protected,
        in_a_row: 100,
        at_most: [Some(1.0 / 20.0), Some(1.0 / 8.0), Some(1.0 / 4.0)],
    },
    Work {
        what: "protected by signature alone",
        function: "floor-stateless",
        accounts: Accounts::Memory,
        asks: Ask::Protected,
        in_a_row: 100,
        at_most: [Some(1.0 / 20.0), Some(1.0 / 8.0), Some(1.0 / 4.0)],
    },
];

/// What one side showed.
#[derive(Default)]
struct Side {
    first: Vec<Duration>,
    /// How long one answer took and computed, the mean of each row.
    took: Vec<Duration>,
    computing: Vec<Duration>,
    /// Bytes.
    memory: u64,
}

impl Side {
    /// Milliseconds to the first answer, answers a second, answers a second of computing, and MB.
    fn figures(&self) -> [f64; 4] {
        [
            middle(&self.first) * 1e3,
            1.0 / middle(&self.took),
            1.0 / middle(&self.computing),
            self.memory as f64 / 1e6,
        ]
    }
}

/// Measures both, prints both, and holds the one to the other.
pub(super) async fn flask(
    stage: &Stage,
    subjects: &mut [Subject],
) -> Result<(Value, Vec<Goal>), Error> {
    let tools = tools::flask().await?;
    let mut rows = Vec::new();
    let mut goals = Vec::new();
    println!(
        "{:30} {:>10} {:>14} {:>12} {:>16} {:>10}",
        "", "", "first answer", "a second", "a CPU second", "memory"
    );
    for work in &WORK {
        let subject = subjects
            .iter_mut()
            .find(|subject| subject.name == work.function)
            .ok_or("it is among the subjects")?;
        let [ours, theirs] = compare(&tools, stage, work, subject).await?;
        let (ours, theirs) = (ours.figures(), theirs.figures());
        let ratios = [
            ours[0] / theirs[0],
            theirs[2] / ours[2],
            ours[3] / theirs[3],
        ];
        tell(work.what, &ours, &theirs, &ratios);
        rows.push(json!({
            "work": work.what,
            "first_ms": [ours[0], theirs[0]],
            "per_second": [ours[1], theirs[1]],
            "per_cpu_second": [ours[2], theirs[2]],
            "memory_mb": [ours[3], theirs[3]],
        }));
        let names = ["start to first answer", "computing", "memory"];
        for ((name, ratio), at_most) in names.iter().zip(ratios).zip(work.at_most) {
            if let Some(at_most) = at_most {
                let what = format!("{}: {name} ÷ Flask's", work.what);
                goals.push(Goal::ratio(what, ratio, at_most));
            }
        }
    }
    Ok((rows.into(), goals))
}

/// Both sides' figures, and by how many times ours are better.
fn tell(what: &str, ours: &[f64; 4], theirs: &[f64; 4], ratios: &[f64; 3]) {
    for (side, [first, rate, computing, memory]) in [("Latchkey", ours), ("Flask", theirs)] {
        println!(
            "{:30} {side:>10} {first:11.1} ms {rate:12.0} {computing:16.0} {memory:7.1} MB",
            what
        );
    }
    println!(
        "{:30} {:>10} {:11.1} x  {:11.1}x {:15.1}x {:7.1} x",
        "",
        "",
        1.0 / ratios[0],
        ours[1] / theirs[1],
        1.0 / ratios[1],
        1.0 / ratios[2]
    );
}

async fn compare(
    tools: &Tools,
    stage: &Stage,
    work: &Work,
    subject: &mut Subject,
) -> Result<[Side; 2], Error> {
    let (mut ours, mut theirs) = (Side::default(), Side::default());
    let flask = Flask::start(tools, stage, work.accounts).await?;
    let token = flask.login().await?;
    flask.end().await?;
    for _ in 0..STARTS {
        tokio::time::sleep(PAUSE).await;
        let mut function = Environment::start(&subject.binary(), &stage.variables()).await?;
        let first = ask(&mut function, subject).await?;
        ours.first.push(function.init + first);
        function.end().await?;
        tokio::time::sleep(PAUSE).await;
        let flask = Flask::start(tools, stage, work.accounts).await?;
        ask_flask(&flask, work.asks, &token).await?;
        theirs.first.push(flask.age());
        flask.end().await?;
    }

    let mut function = Environment::start(&subject.binary(), &stage.variables()).await?;
    ask(&mut function, subject).await?;
    let flask = Flask::start(tools, stage, work.accounts).await?;
    ask_flask(&flask, work.asks, &token).await?;
    let (function_process, flask_processes) = ([function.id()?], flask.processes()?);
    for _ in 0..ROUNDS {
        let (start, before) = (Instant::now(), usage::computing(&function_process)?);
        for _ in 0..work.in_a_row {
            ask(&mut function, subject).await?;
        }
        let computing = usage::computing(&function_process)? - before;
        ours.computing.push(computing / work.in_a_row);
        ours.took.push(start.elapsed() / work.in_a_row);

        let (start, before) = (Instant::now(), usage::computing(&flask_processes)?);
        for _ in 0..work.in_a_row {
            ask_flask(&flask, work.asks, &token).await?;
        }
        let computing = usage::computing(&flask_processes)? - before;
        theirs.computing.push(computing / work.in_a_row);
        theirs.took.push(start.elapsed() / work.in_a_row);
    }
    ours.memory = usage::memory(&function_process)?;
    theirs.memory = usage::memory(&flask_processes)?;
    function.end().await?;
    flask.end().await?;
    Ok([ours, theirs])
}

async fn ask(function: &mut Environment, subject: &mut Subject) -> Result<Duration, Error> {
    let (took, answer) = function.invoke(&subject.event()).await?;
    subject.take(&answer)?;
    Ok(took)
}

async fn ask_flask(flask: &Flask, ask: Ask, token: &str) -> Result<(), Error> {
    match ask {
        Ask::Login => flask.login().await.map(|_| ()),
        Ask::Protected => flask.protected(token).await,
    }
}
