//! A function and Flask, in turn.

use std::path::Path;
use std::time::{Duration, Instant};

use super::flask::Flask;
use super::lambda::Environment;
use super::sample::{middle, ratio};
use super::stage::Stage;
use super::subject::Subject;
use super::usage;
use super::work::{Ask, Work};
use crate::Error;

/// The number of starts of each side in a turn.
const STARTS_A_TURN: usize = 3;
/// The number of requests to a process of each side in a turn.
const ROUNDS: usize = 5;
/// For the machine to be done with the process before.
const PAUSE: Duration = Duration::from_millis(50);

/// The measurements of one side.
#[derive(Default)]
pub(super) struct Side {
    first: Vec<Duration>,
    /// The time that one answer took and computed, the mean of each row.
    took: Vec<Duration>,
    computing: Vec<Duration>,
    /// Bytes, of each process.
    memory: Vec<u64>,
}

impl Side {
    /// Milliseconds to the first answer, answers a second, answers a second of computing, and MB.
    pub(super) fn figures(&self) -> [f64; 4] {
        [
            middle(&self.first) * 1e3,
            1.0 / middle(&self.took),
            1.0 / middle(&self.computing),
            self.memory() / 1e6,
        ]
    }

    /// The mean, in bytes.
    fn memory(&self) -> f64 {
        self.memory.iter().sum::<u64>() as f64 / self.memory.len() as f64
    }
}

/// A function and Flask that do the same work.
pub(super) struct Pair {
    pub(super) work: &'static Work,
    /// Flask's own.
    token: String,
    pub(super) ours: Side,
    pub(super) theirs: Side,
}

impl Pair {
    pub(super) async fn new(bin: &Path, stage: &Stage, work: &'static Work) -> Result<Self, Error> {
        let flask = Flask::start(bin, stage, work.accounts).await?;
        let token = flask.login().await?;
        flask.end().await?;
        Ok(Self {
            work,
            token,
            ours: Side::default(),
            theirs: Side::default(),
        })
    }

    /// Has both do it: ours, then Flask.
    pub(super) async fn turn(
        &mut self,
        bin: &Path,
        stage: &Stage,
        subject: &mut Subject,
    ) -> Result<(), Error> {
        for _ in 0..STARTS_A_TURN {
            self.cold(bin, stage, subject).await?;
        }
        for _ in 0..self.work.processes {
            self.warm(bin, stage, subject).await?;
        }
        Ok(())
    }

    /// The share of Flask's time from start to first answer, computing and memory that the function took.
    pub(super) fn ratios(&self) -> [f64; 3] {
        let (ours, theirs) = (&self.ours, &self.theirs);
        [
            ratio(&ours.first, &theirs.first, ours.first.len()),
            ratio(&ours.computing, &theirs.computing, ours.computing.len()),
            ours.memory() / theirs.memory(),
        ]
    }

    async fn cold(
        &mut self,
        bin: &Path,
        stage: &Stage,
        subject: &mut Subject,
    ) -> Result<(), Error> {
        tokio::time::sleep(PAUSE).await;
        let (function, first) = start(stage, subject).await?;
        self.ours.first.push(function.init + first);
        function.end().await?;
        tokio::time::sleep(PAUSE).await;
        let flask = self.start_flask(bin, stage).await?;
        self.theirs.first.push(flask.age());
        flask.end().await
    }

    async fn warm(
        &mut self,
        bin: &Path,
        stage: &Stage,
        subject: &mut Subject,
    ) -> Result<(), Error> {
        let (mut function, _) = start(stage, subject).await?;
        let flask = self.start_flask(bin, stage).await?;
        let (function_process, flask_processes) = ([function.id()?], flask.processes()?);
        for _ in 0..ROUNDS {
            let row = Row::start(&function_process, self.work.in_a_row)?;
            for _ in 0..self.work.in_a_row {
                ask(&mut function, subject).await?;
            }
            row.end(&mut self.ours)?;
            let row = Row::start(&flask_processes, self.work.in_a_row)?;
            for _ in 0..self.work.in_a_row {
                self.ask_flask(&flask).await?;
            }
            row.end(&mut self.theirs)?;
        }
        self.ours.memory.push(usage::memory(&function_process)?);
        self.theirs.memory.push(usage::memory(&flask_processes)?);
        function.end().await?;
        flask.end().await
    }

    /// One that has answered.
    async fn start_flask(&self, bin: &Path, stage: &Stage) -> Result<Flask, Error> {
        let flask = Flask::start(bin, stage, self.work.accounts).await?;
        self.ask_flask(&flask).await?;
        Ok(flask)
    }

    async fn ask_flask(&self, flask: &Flask) -> Result<(), Error> {
        match self.work.asks {
            Ask::Login => flask.login().await.map(|_| ()),
            Ask::Protected => flask.protected(&self.token).await,
        }
    }
}

/// One that has answered, and how long the first answer took from its first poll.
async fn start(stage: &Stage, subject: &mut Subject) -> Result<(Environment, Duration), Error> {
    let mut function =
        Environment::start(&subject.binary(), &stage.variables(subject.name)).await?;
    let first = ask(&mut function, subject).await?;
    Ok((function, first))
}

/// Some requests in a row, which these processes answer.
struct Row<'a> {
    processes: &'a [u32],
    requests: u32,
    start: Instant,
    before: Duration,
}

impl<'a> Row<'a> {
    fn start(processes: &'a [u32], requests: u32) -> Result<Self, Error> {
        Ok(Self {
            processes,
            requests,
            before: usage::computing(processes)?,
            start: Instant::now(),
        })
    }

    fn end(self, side: &mut Side) -> Result<(), Error> {
        side.took.push(self.start.elapsed() / self.requests);
        let computing = usage::computing(self.processes)? - self.before;
        side.computing.push(computing / self.requests);
        Ok(())
    }
}

async fn ask(function: &mut Environment, subject: &mut Subject) -> Result<Duration, Error> {
    let (took, answer) = function.invoke(&subject.event()).await?;
    subject.take(&answer)?;
    Ok(took)
}
