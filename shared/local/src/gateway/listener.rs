//! The listener of the gateway on this machine.

use std::io::{Error, ErrorKind, Result};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{Functions, Gateway};

/// The number of free ports that are tried, if the port of IPv4 is taken on IPv6.
const TRIES: usize = 16;

/// A port of loopback, on IPv4 and where there is IPv6 on that too: `localhost` is either.
#[derive(Debug)]
pub struct Listener {
    listeners: Vec<TcpListener>,
    port: u16,
}

/// The gateway that answers, and the functions behind it.
#[derive(Debug)]
struct Api {
    gateway: Gateway,
    functions: Functions,
}

impl Listener {
    /// Takes a port, or with 0 a free one.
    ///
    /// # Errors
    ///
    /// Where it cannot be had on 127.0.0.1, or on ::1 though the machine has that: somebody else
    /// would answer half of the clients.
    pub async fn bind(port: u16) -> Result<Self> {
        for _ in 0..TRIES {
            match Self::try_bind(port).await {
                Err(error) if port == 0 && error.kind() == ErrorKind::AddrInUse => {}
                bound => return bound,
            }
        }
        Err(Error::from(ErrorKind::AddrInUse))
    }

    async fn try_bind(port: u16) -> Result<Self> {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = first.local_addr()?.port();
        let mut listeners = vec![first];
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(second) => listeners.push(second),
            Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(error),
            // There is no IPv6 here.
            Err(_) => {}
        }
        Ok(Self { listeners, port })
    }

    /// The port that was taken.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The addresses that are listened on.
    #[must_use]
    pub fn addresses(&self) -> Vec<IpAddr> {
        let addresses = self.listeners.iter().map(TcpListener::local_addr);
        addresses.flatten().map(|address| address.ip()).collect()
    }

    /// Answers what comes, for ever.
    ///
    /// # Errors
    ///
    /// Where it can no longer listen.
    pub async fn serve(self, gateway: Gateway, functions: Functions) -> Result<()> {
        let api = Arc::new(Api { gateway, functions });
        self.serve_router(Router::new().fallback(answer).with_state(api))
            .await
    }

    /// As [`Listener::serve`], by a router. Its requests have the address that they came from as
    /// [`ConnectInfo`].
    ///
    /// # Errors
    ///
    /// Where it can no longer listen.
    pub async fn serve_router(self, router: Router) -> Result<()> {
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let mut servers = JoinSet::new();
        for listener in self.listeners {
            servers.spawn(axum::serve(listener, service.clone()).into_future());
        }
        match servers.join_next().await {
            Some(ended) => ended.map_err(Error::other)?,
            None => Ok(()),
        }
    }
}

async fn answer(
    State(api): State<Arc<Api>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let source_ip = from.ip().to_string();
    api.gateway
        .answer(request, &source_ip, &api.functions)
        .await
}
