//! The measurements, taken in turn so that whatever else the machine does falls on all alike.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;

use super::lambda::Environment;
use super::share::Share;
use super::stage::Stage;
use super::subject::{Subject, binary};
use super::usage;
use crate::Error;

/// How often each function starts.
pub(super) const STARTS: usize = 61;
/// How often at a small share of the processor, which is slow.
pub(super) const SLOW_STARTS: usize = 81;
/// How often it is asked, and how often in a row.
pub(super) const ROUNDS: usize = 50;
const IN_A_ROW: u32 = 10;

/// What one function showed.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) init: Vec<Duration>,
    /// From the start of the process to its first answer.
    pub(super) first: Vec<Duration>,
    pub(super) warm: Vec<Duration>,
    /// What one of these took of a processor, the mean of each row.
    pub(super) computing: Vec<Duration>,
    /// Bytes.
    pub(super) memory: u64,
}

/// Starts each function, again and again.
pub(super) async fn cold(stage: &Stage, subjects: &mut [Subject]) -> Result<Vec<Measured>, Error> {
    let mut measured: Vec<_> = subjects.iter().map(|_| Measured::default()).collect();
    for _ in 0..STARTS {
        for (subject, measured) in subjects.iter_mut().zip(&mut measured) {
            let (init, first) = start(stage, subject, None).await?;
            measured.init.push(init);
            measured.first.push(init + first);
        }
    }
    Ok(measured)
}

/// From start to first answer of functions that have a share of the processor from the moment that they are ready: Lambda
/// starts functions at full speed.
pub(super) async fn cold_at(
    share: &Share,
    stage: &Stage,
    subjects: [&mut Subject; 2],
) -> Result<[Vec<Duration>; 2], Error> {
    let mut firsts = [Vec::new(), Vec::new()];
    let [one, other] = subjects;
    for _ in 0..SLOW_STARTS {
        for (subject, firsts) in [&mut *one, &mut *other].into_iter().zip(&mut firsts) {
            let (init, first) = start(stage, subject, Some(share)).await?;
            firsts.push(init + first);
        }
    }
    Ok(firsts)
}

async fn start(
    stage: &Stage,
    subject: &mut Subject,
    share: Option<&Share>,
) -> Result<(Duration, Duration), Error> {
    let mut environment = Environment::start(&subject.binary(), &stage.variables()).await?;
    if let Some(share) = share {
        share.limit(environment.id()?)?;
    }
    let (first, answer) = environment.invoke(&subject.event()).await?;
    subject.take(&answer)?;
    let init = environment.init;
    environment.end().await?;
    Ok((init, first))
}

/// Asks each function, again and again, and has a password hashed beside each that hashes; how long these hashes took.
pub(super) async fn warm(
    stage: &Stage,
    subjects: &mut [Subject],
    measured: &mut [Measured],
) -> Result<Vec<Duration>, Error> {
    let mut environments = Vec::new();
    for subject in subjects.iter_mut() {
        let mut environment = Environment::start(&subject.binary(), &stage.variables()).await?;
        let (_, answer) = environment.invoke(&subject.event()).await?;
        subject.take(&answer)?;
        environments.push(environment);
    }
    let mut hasher = Hasher::start()?;
    let mut hashes = Vec::new();
    for _ in 0..ROUNDS {
        let each = subjects.iter_mut().zip(&mut environments);
        for ((subject, environment), measured) in each.zip(&mut *measured) {
            row(subject, environment, measured).await?;
            if subject.hashes() {
                for _ in 0..IN_A_ROW {
                    hashes.push(hasher.hash().await?);
                }
            }
        }
    }
    for (environment, measured) in environments.into_iter().zip(measured) {
        measured.memory = usage::peak_memory(environment.id()?)?;
        environment.end().await?;
    }
    Ok(hashes)
}

async fn row(
    subject: &mut Subject,
    environment: &mut Environment,
    measured: &mut Measured,
) -> Result<(), Error> {
    let process = [environment.id()?];
    let before = usage::computing(&process)?;
    for _ in 0..IN_A_ROW {
        let (took, answer) = environment.invoke(&subject.event()).await?;
        subject.take(&answer)?;
        measured.warm.push(took);
    }
    let computing = usage::computing(&process)? - before;
    measured.computing.push(computing / IN_A_ROW);
    Ok(())
}

/// A process that hashes a password when it is told to.
struct Hasher {
    _process: tokio::process::Child,
    told: tokio::process::ChildStdin,
    tells: tokio::io::Lines<BufReader<tokio::process::ChildStdout>>,
}

impl Hasher {
    fn start() -> Result<Self, Error> {
        let mut process = Command::new(binary("floor-hash"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let told = process.stdin.take().ok_or("its input is piped")?;
        let tells = process.stdout.take().ok_or("its output is piped")?;
        Ok(Self {
            _process: process,
            told,
            tells: BufReader::new(tells).lines(),
        })
    }

    async fn hash(&mut self) -> Result<Duration, Error> {
        self.told.write_all(b"\n").await?;
        let line = self.tells.next_line().await?.ok_or("it has ended")?;
        Ok(Duration::from_micros(line.parse()?))
    }
}
