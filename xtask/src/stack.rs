//! `cargo lambda watch`, which is API Gateway and Lambda on this machine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use testing::template::{Template, workspace};
use tokio::process::{Child, Command};

use crate::{Error, environment, processes};

/// How to start it.
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
    /// How many functions have answered, each in a process that stays.
    warm: usize,
}

impl Stack {
    pub(crate) fn start(options: &Options) -> Result<Self, Error> {
        let mut watch = Command::new(&options.cargo_lambda);
        watch
            .args([
                "lambda",
                "watch",
                "--invoke-address",
                "127.0.0.1",
                "--invoke-port",
            ])
            .arg(options.port.to_string())
            // The gateway's own answers to preflights would hide what the API says.
            .arg("--disable-cors")
            .arg("--concurrency")
            .arg(options.concurrency.to_string())
            .args(options.release.then_some("--release"))
            .args((!options.reload).then_some("--ignore-changes"))
            .current_dir(workspace())
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
            warm: 0,
        })
    }

    /// Has every function answer once. They start with their first request, and nobody should wait for that.
    pub(crate) async fn warm(&mut self, url: &str) -> Result<(), Error> {
        let template = Template::load();
        for function in template.functions() {
            let mut routes = template.routes().into_iter();
            // What has no route is for other APIs, and starts when it is invoked.
            let Some(route) = routes.find(|route| route.function == function.name) else {
                continue;
            };
            self.first_answer(&function.name, &format!("{url}{}", route.path))
                .await?;
            self.warm += 1;
        }
        Ok(())
    }

    /// Comes back when it has ended, which it does not do by itself.
    pub(crate) async fn ended(&mut self) -> Result<(), Error> {
        let status = self.watch.wait().await?;
        Err(format!("cargo lambda watch ended ({status})").into())
    }

    async fn first_answer(&mut self, function: &str, url: &str) -> Result<(), Error> {
        let process = self.watch.id().ok_or("cargo lambda watch has ended")?;
        let warm = self.warm;
        let answer = async {
            loop {
                match reqwest::get(url).await {
                    Ok(answer) => return answer.status(),
                    // It does not listen yet.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        };
        tokio::select! {
            status = answer => {
                if status.is_server_error() {
                    eprintln!("warning: {function} answered {status}");
                }
                Ok(())
            }
            lost = lost(process, warm) => {
                lost?;
                Err(format!("{function} ended before it answered; its reason is above").into())
            }
            ended = self.ended() => ended,
        }
    }
}

/// What the functions have to say. To `cargo lambda watch` every process is news, environment included.
fn log_filter() -> String {
    let mut filter = "cargo_lambda=warn,lambda_runtime=error,api=info".to_owned();
    for function in Template::load().functions() {
        filter += &format!(",{}=info", function.name);
    }
    filter
}

/// Comes back when no more than `warm` processes have been below `watch` for a while. A request to a function that has
/// ended is never answered, and `cargo lambda watch` starts it again only when a source changes.
async fn lost(watch: u32, warm: usize) -> Result<(), Error> {
    let mut without = 0;
    while without < 20 {
        tokio::time::sleep(Duration::from_millis(250)).await;
        without = if processes::count_below(watch)? > warm {
            0
        } else {
            without + 1
        };
    }
    Ok(())
}
