//! The resources that processes have used. Only Linux reports them.

use std::time::Duration;

#[cfg(target_os = "linux")]
use nix::{
    time::{clock_getcpuclockid, clock_gettime},
    unistd::Pid,
};

use crate::Error;

/// The processes that a process has started and that run still.
pub(super) fn children(process: u32) -> Result<Vec<u32>, Error> {
    let path = format!("/proc/{process}/task/{process}/children");
    let children = std::fs::read_to_string(path)?;
    Ok(children
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?)
}

/// Returns the time that they have computed, on all threads that they have or had.
#[cfg(target_os = "linux")]
pub(super) fn computing(processes: &[u32]) -> Result<Duration, Error> {
    let mut sum = Duration::ZERO;
    for process in processes {
        let clock = clock_getcpuclockid(Pid::from_raw((*process).try_into()?))?;
        sum += Duration::from(clock_gettime(clock)?);
    }
    Ok(sum)
}

/// The time that they have computed.
#[cfg(not(target_os = "linux"))]
pub(super) fn computing(_: &[u32]) -> Result<Duration, Error> {
    Err("only Linux tells what a process has used".into())
}

/// Bytes of memory that they have now, what they share counted once.
pub(super) fn memory(processes: &[u32]) -> Result<u64, Error> {
    let mut bytes = 0;
    for process in processes {
        bytes += field(&format!("/proc/{process}/smaps_rollup"), "Pss:")?;
    }
    Ok(bytes)
}

/// The most memory that a process had so far, in bytes.
pub(super) fn peak_memory(process: u32) -> Result<u64, Error> {
    field(&format!("/proc/{process}/status"), "VmHWM:")
}

fn field(path: &str, name: &str) -> Result<u64, Error> {
    let text = std::fs::read_to_string(path)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.split_whitespace().next());
    Ok(kib.ok_or_else(|| format!("no {name}"))?.parse::<u64>()? * 1024)
}
