//! The ports of loopback that a stack listens on: the API's, and the next one for its inbox.

use std::io::ErrorKind;

use local::gateway::Listener;

use crate::Error;

/// The number of free ports that are tried, if the one after a free port is taken.
const TRIES: usize = 16;

/// Listens at a port, or with 0 at a free one, and with an inbox at the next port as well.
pub(crate) async fn bind(
    port: u16,
    has_inbox: bool,
) -> Result<(Listener, Option<Listener>), Error> {
    let mut tries = 1;
    loop {
        let api = Listener::bind(port)
            .await
            .map_err(|error| refusal(port, "", &error))?;
        if !has_inbox {
            return Ok((api, None));
        }
        match beside(&api).await {
            Err(_) if port == 0 && tries < TRIES => tries += 1,
            inbox => return Ok((api, Some(inbox?))),
        }
    }
}

/// A free port whose next one is free too.
pub(crate) async fn free_pair() -> Result<u16, Error> {
    let (api, _inbox) = bind(0, true).await?;
    Ok(api.port())
}

async fn beside(api: &Listener) -> Result<Listener, Error> {
    let next = api.port().checked_add(1);
    let next =
        next.ok_or("there is no port after 65535 for the inbox: choose another with --port")?;
    let inbox = Listener::bind(next).await;
    inbox.map_err(|error| refusal(next, ", the inbox's,", &error))
}

fn refusal(port: u16, whose: &str, error: &std::io::Error) -> Error {
    let advice = match (error.kind(), whose) {
        (ErrorKind::AddrInUse, "") => "stop what listens there, or choose another with --port",
        (ErrorKind::AddrInUse, _) => {
            "stop what listens there, choose another pair with --port, or turn mails off with --env MAIL_FROM="
        }
        _ => "choose another with --port",
    };
    format!("port {port}{whose} of loopback cannot be had ({error}): {advice}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_inbox_is_at_the_next_port() {
        let (api, inbox) = bind(0, true).await.unwrap();
        assert_eq!(inbox.unwrap().port(), api.port() + 1);
    }

    #[tokio::test]
    async fn without_mails_there_is_no_inbox() {
        let (_api, inbox) = bind(0, false).await.unwrap();
        assert!(inbox.is_none());
    }

    #[tokio::test]
    async fn a_taken_port_of_the_inbox_is_an_error_that_says_how_to_go_on() {
        let (api, inbox) = bind(0, true).await.unwrap();
        let port = api.port();
        drop(api);
        let error = bind(port, true).await.unwrap_err().to_string();
        assert!(
            error.contains(&format!("port {}, the inbox's,", port + 1)),
            "{error}"
        );
        assert!(error.contains("--env MAIL_FROM="), "{error}");
        drop(inbox);
        assert!(bind(port, true).await.is_ok());
    }

    #[tokio::test]
    async fn the_last_port_has_no_next_one() {
        // Somebody else may have it, which is an error as well, but without an inbox.
        let error = bind(u16::MAX, true).await.unwrap_err().to_string();
        assert!(error.contains("65535"), "{error}");
    }
}
