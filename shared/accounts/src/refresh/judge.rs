//! The decision about a refresh token that is used.

use std::time::Duration;

use super::refresh_token::RefreshToken;
use crate::network::LINK;
use crate::{Device, Session, Timestamp, User};

/// The result of using a refresh token, before its account is looked at.
#[derive(Clone, Debug)]
pub enum TokenUse {
    /// The token has advanced the session by one generation. This is the session now.
    Advanced(Session),
    /// The token has not advanced the session. This is the session as it was found, if there is
    /// one.
    NotAdvanced(Option<Session>),
}

/// The decision about a refresh, and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh<'a> {
    /// The next tokens of this session are issued to this account.
    Next(&'a Session, &'a User),
    /// The token was used a moment ago: the answer was lost, a request was sent again, or a second
    /// tab had the same token. The same successor is the answer again.
    Replay(&'a Session, &'a User),
    /// The token is invalid, or a late tab has sent it. Nothing changes.
    Dead,
    /// It was used a moment ago by another client on another network: it has two bearers, and one
    /// of them is a thief who keeps in step with the owner. The session must end.
    Shared,
    /// It is an old token, and somebody has a newer one: one of the two is a thief. The session
    /// must end (RFC 9700 §4.14.2).
    Reuse,
}

/// Decides about a refresh with a genuine token, by the use of the token and its account as both
/// were found. `from` is where the token came from, and `grace` how long after the last refresh a
/// used token is answered with the same successor and an older one forgiven.
pub fn judge_refresh<'a>(
    token: &RefreshToken,
    used: &'a TokenUse,
    user: Option<&'a User>,
    from: &Device,
    now: Timestamp,
    grace: Duration,
) -> Refresh<'a> {
    let (TokenUse::Advanced(session) | TokenUse::NotAdvanced(Some(session)), Some(user)) =
        (used, user)
    else {
        return Refresh::Dead;
    };
    // The account may have ended its sessions, or be disabled, since.
    if !session.is_alive(user, now) {
        return Refresh::Dead;
    }
    if let TokenUse::Advanced(_) = used {
        return Refresh::Next(session, user);
    }
    // A token of the session's generation would have advanced it, and one of a later is not out
    // yet.
    if !session.secret_hash.is_of(&token.secret) || session.generation <= token.generation {
        return Refresh::Dead;
    }
    let rotated_at = session.rotated_at;
    if rotated_at.is_none_or(|at| now > at.saturating_add(grace.as_secs())) {
        return Refresh::Reuse;
    }
    if session.generation > token.generation.next() {
        return Refresh::Dead;
    }
    if may_be_one_client(&session.device, from) {
        Refresh::Replay(session, user)
    } else {
        Refresh::Shared
    }
}

/// A phone changes its network and keeps its agent; behind one network there are many agents, of
/// one client too. Where both differ, there are two clients. What is absent of both is the same.
fn may_be_one_client(one: &Device, other: &Device) -> bool {
    one.agent == other.agent || one.network(LINK) == other.network(LINK)
}

#[cfg(test)]
mod tests;
