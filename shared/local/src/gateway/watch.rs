//! Functions behind `cargo lambda watch`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::failure::Failure;
use super::limits::TIMEOUT;

/// The number of requests that may wait in it for one function. Once more than 100 do, it stops
/// answering: the hundred and first waits for room in the function's queue, and has the lock
/// meanwhile that is needed to take one out.
const WAITING: usize = 96;

/// The time between two attempts to connect.
const INTERVAL: Duration = Duration::from_millis(100);

/// `cargo lambda watch`, by [the API of
/// Lambda](https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).
#[derive(Debug)]
pub struct Watch {
    url: String,
    http: reqwest::Client,
    /// A place for each request that a function may have. They are given in the order in which they
    /// are asked for.
    places: BTreeMap<String, Arc<Semaphore>>,
    timeout: Duration,
}

impl Watch {
    /// Where it listens, and the functions that it has.
    #[must_use]
    pub fn at(url: &str, functions: impl IntoIterator<Item = String>) -> Self {
        Self::with_timeout(url, functions, TIMEOUT)
    }

    /// As [`Watch::at`], for functions that may take another time than one behind the gateway.
    pub(crate) fn with_timeout(
        url: &str,
        functions: impl IntoIterator<Item = String>,
        timeout: Duration,
    ) -> Self {
        let places = functions.into_iter();
        let places = places.map(|name| (name, Arc::new(Semaphore::new(WAITING))));
        Self {
            url: url.to_owned(),
            http: reqwest::Client::new(),
            places: places.collect(),
            timeout,
        }
    }

    /// Invokes a function. The time counts from when it has the request: on AWS none waits for
    /// another.
    pub(crate) async fn invoke(&self, function: &str, event: &Value) -> Result<Value, Failure> {
        let places = self.places.get(function).ok_or(Failure::Failed)?;
        let place = places.clone().acquire_owned().await;
        let place = place.map_err(|_| Failure::Failed)?;
        let url = format!("{}/2015-03-31/functions/{function}/invocations", self.url);
        let request = self.http.post(url).body(event.to_string());
        // In a task of its own: what nobody waits for any more is in the function's queue still,
        // and has its place there.
        let answer = tokio::spawn(answer(request, self.timeout, place));
        match tokio::time::timeout(self.timeout, answer).await {
            Ok(answer) => answer.unwrap_or(Err(Failure::Failed)),
            Err(_) => Err(Failure::TimedOut),
        }
    }
}

async fn answer(
    request: reqwest::RequestBuilder,
    timeout: Duration,
    _place: OwnedSemaphorePermit,
) -> Result<Value, Failure> {
    let until = Instant::now() + timeout;
    loop {
        let again = request.try_clone().ok_or(Failure::Failed)?;
        match again.send().await {
            Ok(answer) if answer.status() == StatusCode::OK => {
                let answer = answer.bytes().await.map_err(|_| Failure::Failed)?;
                return serde_json::from_slice(&answer).map_err(|_| Failure::Failed);
            }
            // Nothing was sent, so that nothing can happen twice.
            Err(error) if error.is_connect() && Instant::now() < until => {
                tokio::time::sleep(INTERVAL).await;
            }
            Ok(_) | Err(_) => return Err(Failure::Failed),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::extract::{Path, State};
    use axum::response::{IntoResponse, Response};
    use axum::routing::post;
    use futures_util::future::join_all;
    use serde_json::json;
    use tokio::net::TcpListener;

    use super::*;

    /// A stand-in for `cargo lambda watch`: it counts the requests that wait, and answers none
    /// before it may.
    #[derive(Clone)]
    struct Fake {
        waiting: Arc<AtomicUsize>,
        most: Arc<AtomicUsize>,
        gate: Arc<Semaphore>,
    }

    impl Fake {
        fn new() -> Self {
            Self {
                waiting: Arc::default(),
                most: Arc::default(),
                gate: Arc::new(Semaphore::new(0)),
            }
        }

        async fn serve(self, listener: TcpListener) {
            let invocations = "/2015-03-31/functions/{name}/invocations";
            let router = Router::new().route(invocations, post(invoked));
            axum::serve(listener, router.with_state(self))
                .await
                .unwrap();
        }

        async fn start(&self) -> String {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            tokio::spawn(self.clone().serve(listener));
            url
        }
    }

    async fn invoked(State(fake): State<Fake>, Path(name): Path<String>, body: String) -> Response {
        match name.as_str() {
            "fails" => return (StatusCode::INTERNAL_SERVER_ERROR, "{}").into_response(),
            "babbles" => return "{".into_response(),
            _ => {}
        }
        let waiting = fake.waiting.fetch_add(1, Ordering::SeqCst) + 1;
        fake.most.fetch_max(waiting, Ordering::SeqCst);
        fake.gate.acquire().await.unwrap().forget();
        fake.waiting.fetch_sub(1, Ordering::SeqCst);
        body.into_response()
    }

    fn watch(url: &str, timeout: Duration) -> Watch {
        let functions = ["echoes", "other", "fails", "babbles"].map(str::to_owned);
        Watch::with_timeout(url, functions, timeout)
    }

    #[tokio::test]
    async fn a_function_is_given_the_event_and_its_answer_comes_back() {
        let fake = Fake::new();
        fake.gate.add_permits(1);
        let watch = watch(&fake.start().await, TIMEOUT);
        let event = json!({ "a": "é" });
        assert_eq!(watch.invoke("echoes", &event).await, Ok(event));
    }

    #[tokio::test]
    async fn an_error_of_a_function_or_an_answer_that_is_none_is_a_failure() {
        let watch = watch(&Fake::new().start().await, TIMEOUT);
        for function in ["fails", "babbles", "unknown"] {
            let answer = watch.invoke(function, &json!({})).await;
            assert_eq!(answer, Err(Failure::Failed), "{function}");
        }
    }

    #[tokio::test]
    async fn more_wait_in_the_gateway_than_in_a_function_s_queue_and_all_are_answered() {
        let fake = Fake::new();
        let watch = watch(&fake.start().await, TIMEOUT);
        let event = json!({});
        let all = join_all((0..500).map(|_| watch.invoke("echoes", &event)));
        let gate = async {
            // Another function has places of its own.
            while fake.waiting.load(Ordering::SeqCst) < WAITING {
                tokio::task::yield_now().await;
            }
            fake.gate.add_permits(1_000);
            watch.invoke("other", &event).await
        };
        let (answers, other) = tokio::join!(all, gate);
        assert!(answers.into_iter().all(|answer| answer.is_ok()));
        assert!(other.is_ok());
        // The one is the other function's.
        assert!(fake.most.load(Ordering::SeqCst) <= 100 + 1);
    }

    #[tokio::test]
    async fn who_is_given_up_keeps_the_place_until_the_answer_comes() {
        let fake = Fake::new();
        let watch = watch(&fake.start().await, Duration::from_millis(20));
        let answer = watch.invoke("echoes", &json!({})).await;
        assert_eq!(answer, Err(Failure::TimedOut));
        let places = &watch.places["echoes"];
        assert_eq!(places.available_permits(), WAITING - 1);
        fake.gate.add_permits(1);
        // It comes back, or the test never ends.
        let all = places.acquire_many(u32::try_from(WAITING).unwrap()).await;
        assert!(all.is_ok());
    }

    #[tokio::test]
    async fn one_that_does_not_listen_yet_is_waited_for() {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let fake = Fake::new();
        fake.gate.add_permits(1);
        let watch = watch(&format!("http://{address}"), TIMEOUT);
        let event = json!({});
        let late = async {
            tokio::time::sleep(INTERVAL).await;
            let listener = TcpListener::bind(address).await.unwrap();
            tokio::spawn(fake.serve(listener));
        };
        let (answer, ()) = tokio::join!(watch.invoke("echoes", &event), late);
        assert!(answer.is_ok());
    }

    #[tokio::test]
    async fn one_that_never_listens_is_given_up() {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", free.local_addr().unwrap());
        drop(free);
        let watch = watch(&url, Duration::from_millis(20));
        let answer = watch.invoke("echoes", &json!({})).await;
        assert!(answer.is_err());
        let places = &watch.places["echoes"];
        // The place comes back, or the test never ends.
        let all = places.acquire_many(u32::try_from(WAITING).unwrap()).await;
        assert!(all.is_ok());
    }
}
