//! `cargo lambda watch`, which is Lambda on this machine.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use local::{Template, environment, workspace};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use crate::start::Start;
use crate::{Error, processes};

/// The time between two checks on the functions that have not answered yet.
const INTERVAL: Duration = Duration::from_millis(250);

/// The directories whose changes restart the functions.
const WATCHED: [&str; 2] = ["functions", "shared"];

/// The options of a start.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) cargo_lambda: PathBuf,
    pub(crate) port: u16,
    pub(crate) release: bool,
    pub(crate) reload: bool,
    pub(crate) concurrency: u16,
    pub(crate) environment: BTreeMap<String, String>,
}

/// A running `cargo lambda watch`.
pub(crate) struct Stack {
    watch: Child,
}

impl Stack {
    pub(crate) fn start(options: &Options) -> Result<Self, Error> {
        let mut watch = Command::new(&options.cargo_lambda);
        watch
            .args([
                "lambda",
                "watch",
                "--quiet",
                "--invoke-address",
                "127.0.0.1",
            ])
            .arg("--invoke-port")
            .arg(options.port.to_string())
            // Its own answers to preflights are not API Gateway's.
            .arg("--disable-cors")
            .arg("--concurrency")
            .arg(options.concurrency.to_string())
            .args(options.release.then_some("--release"))
            .args((!options.reload).then_some("--ignore-changes"))
            .arg("--manifest-path")
            .arg(workspace().join("Cargo.toml"))
            .current_dir(watched(&workspace().join("target/watch"))?)
            .env(
                "CARGO_LAMBDA_IGNORE_FILE",
                workspace().join("xtask/watch.ignore"),
            )
            .envs(&options.environment)
            .stdin(std::process::Stdio::null())
            // Ctrl-C is for this process, which then ends all the others in order.
            .process_group(0);
        if std::env::var_os("RUST_LOG").is_none() {
            watch.env("RUST_LOG", log_filter());
        }
        for name in environment::FOREIGN {
            watch.env_remove(name);
        }
        Ok(Self {
            watch: watch.spawn()?,
        })
    }

    /// Sends a first request to every function that has a route. A function starts with its first request, and no user should wait for it.
    pub(crate) async fn warm(&mut self, url: &str) -> Result<(), Error> {
        let watch = self.watch.id().ok_or("cargo lambda watch has ended")?;
        let routes = first_routes();
        let mut start = Start::new(routes.keys().cloned(), Instant::now());
        let mut answers = JoinSet::new();
        for (function, path) in routes {
            answers.spawn(first_answer(function, format!("{url}{path}")));
        }
        let mut tick = tokio::time::interval(INTERVAL);
        loop {
            tokio::select! {
                answer = answers.join_next() => match answer {
                    None => return Ok(()),
                    Some(function) => start.answered(&function?),
                },
                _ = tick.tick() => {
                    let commands = processes::commands_below(watch)?;
                    if let Some(waiting) = start.check(&commands, Instant::now())? {
                        println!("{waiting}");
                    }
                },
                ended = self.ended() => return ended,
            }
        }
    }

    /// Comes back when it has ended, which it does not do by itself.
    pub(crate) async fn ended(&mut self) -> Result<(), Error> {
        let status = self.watch.wait().await?;
        Err(format!("cargo lambda watch ended ({status})").into())
    }
}

/// A directory with nothing below it but links to the sources.
///
/// `cargo lambda watch` reads all that is below its own directory before it starts a function, and once more for each function. Below
/// the workspace there may be more than a hundred thousand files of builds and tools, and any file that appears there
/// would restart all functions.
fn watched(directory: &Path) -> Result<&Path, Error> {
    std::fs::create_dir_all(directory)?;
    for source in WATCHED {
        let link = directory.join(source);
        match std::fs::remove_file(&link) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => symlink(workspace().join(source), link)?,
        }
    }
    Ok(directory)
}

/// A path of each function. A function without a route is for other APIs, and starts when it is invoked.
fn first_routes() -> BTreeMap<String, String> {
    let routes = Template::load().routes().into_iter();
    routes.map(|route| (route.function, route.path)).collect()
}

/// Asks until an answer comes, and gives back the name of the function.
async fn first_answer(function: String, url: String) -> String {
    loop {
        match reqwest::get(&url).await {
            Ok(answer) => {
                if answer.status().is_server_error() {
                    eprintln!("warning: {function} answered {}", answer.status());
                }
                return function;
            }
            // `cargo lambda watch` does not listen yet.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// The functions' own log. For `cargo lambda watch` every process is news, environment included.
fn log_filter() -> String {
    let mut filter = "cargo_lambda=warn,lambda_runtime=error,api=info".to_owned();
    for function in Template::with_mail().functions() {
        filter += &format!(",{}=info", function.name);
    }
    filter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_sources_is_watched() {
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path().join("watch");
        for _ in 0..2 {
            let mut found: Vec<_> = std::fs::read_dir(watched(&directory).unwrap())
                .unwrap()
                .map(|entry| entry.unwrap().file_name())
                .collect();
            found.sort();
            assert_eq!(found, WATCHED);
            assert!(directory.join("functions/login/src/lib.rs").exists());
        }
    }

    #[test]
    fn every_function_with_a_route_is_warmed() {
        let routes = first_routes();
        assert!(routes.contains_key("login") && !routes.contains_key("authorizer"));
        assert_eq!(routes["protected"], "/protected");
    }
}
