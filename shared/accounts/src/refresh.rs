use crate::{RefreshToken, Session, Timestamp, User};

/// Why a refresh token did not advance its session, and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It counts no more, or never did. Nothing changes.
    Dead,
    /// It was used a moment ago: the answer was lost, a request was sent again, or a second tab had
    /// the same token. The same successor is the answer again.
    Replay,
    /// It is an old token, and somebody has a newer one: one of the two is a thief. The session must
    /// end (RFC 9700 §4.14.2).
    Reuse,
}

/// Judges a genuine token that did not advance its session, by the session as it was found and its
/// account. `grace` is how long a used token is answered with the same successor, in seconds.
pub fn judge(
    token: &RefreshToken,
    found: Option<&Session>,
    user: Option<&User>,
    now: Timestamp,
    grace: u64,
) -> Refused {
    let (Some(session), Some(user)) = (found, user) else {
        return Refused::Dead;
    };
    if !session.is_alive(user, now) || !session.secret_hash.is_of(&token.secret) {
        return Refused::Dead;
    }
    // A token of this generation would have advanced the session, and one of a later is not out yet.
    if session.generation <= token.generation {
        return Refused::Dead;
    }
    match session.rotated_at {
        Some(at)
            if session.generation == token.generation.saturating_add(1)
                && now <= at.saturating_add(grace) =>
        {
            Refused::Replay
        }
        _ => Refused::Reuse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Device, Names, SessionLifetime, SessionSecret, Status, Username};

    const GRACE: u64 = 30;

    /// A session refreshed at 1,000 for the fifth time, its account, and a token of a generation.
    fn found(generation: u64) -> (Session, User, RefreshToken) {
        let names = Names::new(Username::parse("ada").ok(), None).unwrap();
        let user = User::register(names, 0);
        let secret = SessionSecret::generate().unwrap();
        let lifetime = SessionLifetime {
            idle: 5_000,
            absolute: 5_000,
        };
        let session = Session::begin((user.id, 0), 0, lifetime, &secret, Device::default());
        let token = RefreshToken {
            user_id: user.id,
            session_id: session.id,
            generation,
            secret,
        };
        (
            Session {
                generation: 5,
                rotated_at: Some(1_000),
                ..session
            },
            user,
            token,
        )
    }

    fn judged(generation: u64, now: Timestamp) -> Refused {
        let (session, user, token) = found(generation);
        judge(&token, Some(&session), Some(&user), now, GRACE)
    }

    #[test]
    fn the_last_token_used_is_answered_again_within_the_grace_and_is_reuse_after_it() {
        assert_eq!(judged(4, 1_000), Refused::Replay);
        assert_eq!(judged(4, 1_030), Refused::Replay);
        assert_eq!(judged(4, 1_031), Refused::Reuse);
    }

    #[test]
    fn an_older_token_is_reuse_at_once() {
        for generation in 0..4 {
            assert_eq!(judged(generation, 1_000), Refused::Reuse);
        }
    }

    #[test]
    fn a_token_that_is_not_out_yet_changes_nothing() {
        for generation in [5, 6, u64::MAX] {
            assert_eq!(judged(generation, 1_000), Refused::Dead);
        }
    }

    #[test]
    fn a_session_that_has_ended_stays_so_whatever_the_token() {
        let (session, user, token) = found(4);
        let dead = |session: Option<&Session>, user: Option<&User>, now| {
            assert_eq!(judge(&token, session, user, now, GRACE), Refused::Dead);
        };
        dead(None, Some(&user), 1_000);
        dead(Some(&session), None, 1_000);
        dead(Some(&session), Some(&user), 5_000);
        dead(
            Some(&session),
            Some(&User {
                epoch: 1,
                ..user.clone()
            }),
            1_000,
        );
        dead(
            Some(&session),
            Some(&User {
                status: Status::Disabled,
                ..user.clone()
            }),
            1_000,
        );
        let other = SessionSecret::generate().unwrap().hash();
        dead(
            Some(&Session {
                secret_hash: other,
                ..session
            }),
            Some(&user),
            1_000,
        );
    }

    #[test]
    fn without_a_grace_only_the_same_second_is_a_replay() {
        let (session, user, token) = found(4);
        let at = |now| judge(&token, Some(&session), Some(&user), now, 0);
        assert_eq!((at(1_000), at(1_001)), (Refused::Replay, Refused::Reuse));
    }
}
