//! The bare hash that what hashes is compared with.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::build::binary;
use crate::Error;

/// A process that hashes a password when it is told to.
pub(super) struct Hasher {
    _process: Child,
    input: ChildStdin,
    tells: Lines<BufReader<ChildStdout>>,
}

impl Hasher {
    pub(super) fn start() -> Result<Self, Error> {
        let mut process = Command::new(binary("floor-hash"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let input = process.stdin.take().ok_or("its input is piped")?;
        let tells = process.stdout.take().ok_or("its output is piped")?;
        Ok(Self {
            _process: process,
            input,
            tells: BufReader::new(tells).lines(),
        })
    }

    /// Returns the time that so many hashes took, one after the other.
    pub(super) async fn hashes(&mut self, number: u32) -> Result<Vec<Duration>, Error> {
        let mut took = Vec::new();
        for _ in 0..number {
            took.push(self.hash().await?);
        }
        Ok(took)
    }

    async fn hash(&mut self) -> Result<Duration, Error> {
        self.input.write_all(b"\n").await?;
        let line = self.tells.next_line().await?.ok_or("it has ended")?;
        Ok(Duration::from_micros(line.parse()?))
    }
}
