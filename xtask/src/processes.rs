//! Leaving nothing behind. `cargo lambda watch` starts every function in a session of its own, where neither Ctrl-C nor
//! the death of `cargo lambda` reaches it, so the processes below this one are found by their parents.

use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use sysinfo::{ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System, UpdateKind};

use crate::Error;

/// Long enough for `cargo lambda watch`, which gives its functions a second.
const PATIENCE: Duration = Duration::from_secs(5);

/// A process, told from a later one with the same number by its start.
#[derive(Debug, Clone)]
struct Process {
    id: Pid,
    parent: Option<Pid>,
    started: u64,
    command: Vec<String>,
}

impl Process {
    /// A process that lost its parent has another one, and is itself still.
    fn is(&self, other: &Self) -> bool {
        (self.id, self.started) == (other.id, other.started)
    }
}

/// Makes this process the parent of every orphan below it, so that none gets out of sight. Only Linux can.
pub(crate) fn adopt_orphans() -> Result<(), Error> {
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_child_subreaper(true)?;
    Ok(())
}

/// Returns the number of processes below `ancestor`.
pub(crate) fn count_below(ancestor: u32) -> Result<usize, Error> {
    Ok(below(&running()?, pid(ancestor)).len())
}

/// The command lines of the processes below `ancestor`.
pub(crate) fn commands_below(ancestor: u32) -> Result<Vec<Vec<String>>, Error> {
    let below = below(&running()?, pid(ancestor));
    Ok(below.into_iter().map(|process| process.command).collect())
}

/// Ends every process below this one: politely first, then not.
///
/// # Errors
///
/// Where one remains.
pub(crate) async fn end_all() -> Result<(), Error> {
    let mut known = below(&running()?, Pid::this());
    signal_all(children(&known), Signal::SIGTERM);
    wait_while_any(&mut known).await?;
    signal_all(known.iter(), Signal::SIGKILL);
    wait_while_any(&mut known).await?;
    if known.is_empty() {
        return Ok(());
    }
    Err(format!("{} processes did not end: {known:?}", known.len()).into())
}

/// Keeps to `known` those that run still, and whatever they started meanwhile, until there are none or patience ends.
async fn wait_while_any(known: &mut Vec<Process>) -> Result<(), Error> {
    let until = Instant::now() + PATIENCE;
    while !known.is_empty() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(50)).await;
        reap();
        let running = running()?;
        known.retain(|process| running.iter().any(|other| other.is(process)));
        for process in below(&running, Pid::this()) {
            if !known.iter().any(|other| other.is(&process)) {
                known.push(process);
            }
        }
    }
    Ok(())
}

/// Takes note of children that have ended, which are listed as running until someone does.
fn reap() {
    while let Ok(status) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
        if status == WaitStatus::StillAlive {
            break;
        }
    }
}

fn signal_all<'a>(processes: impl Iterator<Item = &'a Process>, signal: Signal) {
    for process in processes {
        match kill(process.id, signal) {
            // It ended by itself.
            Ok(()) | Err(Errno::ESRCH) => {}
            Err(error) => eprintln!("process {} cannot be ended: {error}", process.id),
        }
    }
}

fn children(processes: &[Process]) -> impl Iterator<Item = &Process> {
    processes
        .iter()
        .filter(|process| process.parent == Some(Pid::this()))
}

fn below(running: &[Process], ancestor: Pid) -> Vec<Process> {
    let mut found: Vec<Process> = Vec::new();
    let mut parents = vec![ancestor];
    while let Some(parent) = parents.pop() {
        let children = running
            .iter()
            .filter(|process| process.parent == Some(parent));
        for child in children {
            found.push(child.clone());
            parents.push(child.id);
        }
    }
    found
}

fn running() -> Result<Vec<Process>, Error> {
    let mut system = System::new()?;
    let what = ProcessRefreshKind::nothing()
        .with_cmd(UpdateKind::Always)
        .without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, what);
    let alive = system
        .processes()
        .values()
        .filter(|process| process.status() != ProcessStatus::Zombie);
    let processes = alive
        .map(|process| Process {
            id: pid(process.pid().as_u32()),
            parent: process.parent().map(|parent| pid(parent.as_u32())),
            started: process.start_time(),
            command: process
                .cmd()
                .iter()
                .map(|word| word.to_string_lossy().into_owned())
                .collect(),
        })
        .collect();
    Ok(processes)
}

fn pid(number: u32) -> Pid {
    Pid::from_raw(i32::try_from(number).expect("process numbers are far below this limit"))
}
