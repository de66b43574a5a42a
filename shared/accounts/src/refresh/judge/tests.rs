//! The decision, for each token and each session.

use super::*;
use crate::{AuthMethod, Authentication, Names, SessionLifetime, SessionSecret, Status, Username};

const GRACE: Duration = Duration::from_secs(10);
const AT_HOME: (Option<&str>, Option<&str>) = (Some("192.0.2.1"), Some("phone"));

fn device((address, agent): (Option<&str>, Option<&str>)) -> Device {
    Device::new(address, agent)
}

/// A session of [`AT_HOME`], refreshed at 1,000 for the fifth time, its account, and a token of
/// a generation.
fn found(generation: u64) -> (Session, User, RefreshToken) {
    let names = Names::new(Username::parse("ada").ok(), None).unwrap();
    let user = User::register(names, 0);
    let secret = SessionSecret::generate().unwrap();
    let lifetime = SessionLifetime {
        idle: Duration::from_secs(5_000),
        absolute: Duration::from_secs(5_000),
    };
    let proof = Authentication::by(AuthMethod::PASSWORD, 0);
    let session = Session::begin(user.owner(), proof, lifetime, &secret, device(AT_HOME));
    let token = RefreshToken {
        user_id: user.id,
        session_id: session.id,
        generation: generation.into(),
        secret,
    };
    (
        Session {
            generation: 5.into(),
            rotated_at: Some(1_000),
            ..session
        },
        user,
        token,
    )
}

/// The name of the decision.
fn name(decision: Refresh<'_>) -> &'static str {
    match decision {
        Refresh::Next(..) => "next",
        Refresh::Replay(..) => "replay",
        Refresh::Dead => "dead",
        Refresh::Shared => "shared",
        Refresh::Reuse => "reuse",
    }
}

fn judged(generation: u64, now: Timestamp) -> &'static str {
    let (session, user, token) = found(generation);
    let found = TokenUse::NotAdvanced(Some(session));
    let from = device(AT_HOME);
    name(judge_refresh(
        &token,
        &found,
        Some(&user),
        &from,
        now,
        GRACE,
    ))
}

/// The decision about the last token used, where the session was last used from one place and
/// the token comes from another.
fn judged_between(
    last: (Option<&str>, Option<&str>),
    from: (Option<&str>, Option<&str>),
) -> &'static str {
    let (session, user, token) = found(4);
    let session = Session {
        device: device(last),
        ..session
    };
    let found = TokenUse::NotAdvanced(Some(session));
    let from = device(from);
    name(judge_refresh(
        &token,
        &found,
        Some(&user),
        &from,
        1_005,
        GRACE,
    ))
}

#[test]
fn a_session_that_has_ended_stays_so_whatever_the_token() {
    let (session, user, token) = found(4);
    let dead = |session: Option<&Session>, user: Option<&User>, now| {
        let session = session.cloned();
        let advanced = session.clone().map(TokenUse::Advanced);
        // That the token has advanced the session makes no difference.
        for used in [Some(TokenUse::NotAdvanced(session)), advanced] {
            let Some(used) = used else { continue };
            let judged = judge_refresh(&token, &used, user, &device(AT_HOME), now, GRACE);
            assert_eq!(judged, Refresh::Dead);
        }
    };
    dead(None, Some(&user), 1_000);
    dead(Some(&session), None, 1_000);
    dead(Some(&session), Some(&user), 5_000);
    dead(
        Some(&session),
        Some(&User {
            epoch: user.epoch.next(),
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
    let other = Session {
        secret_hash: SessionSecret::generate().unwrap().hash(),
        ..session
    };
    let found = TokenUse::NotAdvanced(Some(other));
    let judged = judge_refresh(&token, &found, Some(&user), &device(AT_HOME), 1_000, GRACE);
    assert_eq!(judged, Refresh::Dead, "another secret");
}

#[test]
fn a_token_that_advanced_its_session_is_answered_with_the_next() {
    let (session, user, token) = found(4);
    let used = TokenUse::Advanced(session.clone());
    let elsewhere = device((None, None));
    let judged = judge_refresh(&token, &used, Some(&user), &elsewhere, 1_000, GRACE);
    assert_eq!(judged, Refresh::Next(&session, &user));
}

#[test]
fn a_token_that_is_not_out_yet_changes_nothing() {
    for generation in [5, 6, u64::MAX] {
        for now in [1_000, 1_010, 1_011] {
            assert_eq!(judged(generation, now), "dead", "{generation}");
        }
    }
}

#[test]
fn the_last_token_used_is_answered_again_within_the_grace() {
    // Another environment may have a clock that is behind.
    for now in [998, 1_000, 1_010] {
        assert_eq!(judged(4, now), "replay", "{now}");
    }
}

#[test]
fn a_replay_comes_from_the_network_or_the_agent_of_the_last_use() {
    let (v6, same_half) = ("2001:db8:1:2::a", "2001:db8:1:2:ffff::b");
    for (last, from) in [
        (AT_HOME, AT_HOME),
        (AT_HOME, (Some("198.51.100.7"), Some("phone"))),
        (AT_HOME, (None, Some("phone"))),
        (AT_HOME, (Some("192.0.2.1"), Some("laptop"))),
        (AT_HOME, (Some("::ffff:192.0.2.1"), Some("laptop"))),
        (AT_HOME, (Some("192.0.2.1"), None)),
        ((Some(v6), Some("phone")), (Some(same_half), Some("laptop"))),
        ((None, None), (None, None)),
        ((None, Some("phone")), (None, Some("laptop"))),
        ((Some("192.0.2.1"), None), (Some("198.51.100.7"), None)),
    ] {
        let judged = judged_between(last, from);
        assert_eq!(judged, "replay", "{last:?} {from:?}");
        let judged = judged_between(from, last);
        assert_eq!(judged, "replay", "{from:?} {last:?}");
    }
}

#[test]
fn a_replay_from_another_network_and_another_agent_has_two_bearers() {
    let v6 = ("2001:db8:1:2::a", "2001:db8:1:3::a");
    for (last, from) in [
        (AT_HOME, (Some("198.51.100.7"), Some("laptop"))),
        (AT_HOME, (Some("192.0.2.2"), None)),
        (AT_HOME, (None, Some("laptop"))),
        (AT_HOME, (None, None)),
        ((Some(v6.0), Some("phone")), (Some(v6.1), Some("laptop"))),
    ] {
        let judged = judged_between(last, from);
        assert_eq!(judged, "shared", "{last:?} {from:?}");
        let judged = judged_between(from, last);
        assert_eq!(judged, "shared", "{from:?} {last:?}");
    }
}

#[test]
fn an_older_token_is_forgiven_within_the_grace() {
    for generation in 0..4 {
        for now in [998, 1_000, 1_010] {
            let judged = judged(generation, now);
            assert_eq!(judged, "dead", "{generation} at {now}");
        }
    }
}

#[test]
fn any_old_token_is_reuse_after_the_grace() {
    for generation in 0..5 {
        assert_eq!(judged(generation, 1_011), "reuse", "{generation}");
    }
}

#[test]
fn without_a_grace_only_the_same_second_is_a_replay() {
    let (session, user, token) = found(4);
    let at = |now| {
        let found = TokenUse::NotAdvanced(Some(session.clone()));
        let from = device(AT_HOME);
        name(judge_refresh(
            &token,
            &found,
            Some(&user),
            &from,
            now,
            Duration::ZERO,
        ))
    };
    assert_eq!((at(1_000), at(1_001)), ("replay", "reuse"));
}
