//! The command beside another version of the functions.

use testing::Release;

use crate::local::Local;

/// The commands that write to an account or to the ring.
const WRITES: [&[&str]; 11] = [
    &["users", "grant", "ada", "introspector"],
    &["users", "revoke", "ada", "introspector"],
    &["users", "disable", "ada"],
    &["users", "enable", "ada"],
    &["users", "sign-out", "ada"],
    &["users", "disable", "grace"],
    &["users", "enable", "grace"],
    &["users", "sign-out", "grace"],
    &["keys", "rotate"],
    &["keys", "retire", "--yes", "--", "SUCCESSOR"],
    &["keys", "rotate"],
];

/// The id of the signing key that is next.
async fn successor(local: &Local) -> String {
    let list = local.run(&["keys", "list", "--json"]).await.json();
    let keys = list["keys"].as_array().unwrap().iter();
    let mut next = keys.filter(|key| key["type"] == "signing" && key["state"] == "next");
    next.next().unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_keeps_what_another_version_has_written() {
    let mut lost = Vec::new();
    for release in Release::all() {
        for (direction, written) in [
            ("N -> N + 1", release.clone()),
            ("N + 1 -> N", release.with_unknown()),
        ] {
            let local = Local::start().await;
            written.load(&local.stack).await;
            local.take_sealing_key();
            let mut kept = 0;
            for write in WRITES {
                let id = match write.last() {
                    Some(&"SUCCESSOR") => successor(&local).await,
                    _ => String::new(),
                };
                let fill = |argument: &&'static str| match *argument {
                    "SUCCESSOR" => id.as_str(),
                    argument => argument,
                };
                let done = local.run(&write.iter().map(fill).collect::<Vec<_>>()).await;
                assert_eq!(done.code, 0, "{write:?}: {}", done.err);
                for (kind, is_kept) in written.kept(&local.stack).await {
                    kept += usize::from(is_kept);
                    if !is_kept {
                        lost.push((direction, kind, write));
                    }
                }
            }
            println!("N = {}, {direction}: kept {kept} times", release.version);
        }
    }
    println!("lost by the command: {lost:?}");
    assert!(lost.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_that_is_newer_is_read_with_a_warning_and_written_only_when_told() {
    let local = Local::start().await;
    let roles = local.stack.variable("ROLES");
    let create = async |more: &[&str]| {
        let create = ["users", "create", "--username", "ada", "--password-stdin"];
        let password = format!("{}\n", testing::PASSWORD);
        local
            .run_with(&[&create[..], more].concat(), &password)
            .await
    };
    let newer = "the stack is of version 1000.0.0, and this command is ";
    for (version, says) in [
        (Some("1000.0.0"), newer),
        (None, "the stack does not say its version"),
    ] {
        local.leave_word(roles, version);
        let refused = create(&[]).await;
        assert_eq!(refused.code, 1, "{}", refused.out);
        let begins = format!("error: nothing was changed: {says}");
        assert!(refused.err.starts_with(&begins), "{}", refused.err);
        assert!(refused.err.contains("--newer-stack"), "{}", refused.err);
        for read in [&["users", "list"][..], &["keys", "list"]] {
            let read = local.run(read).await;
            assert_eq!(read.code, 0, "{}", read.err);
            let begins = format!("warning: {says}");
            assert!(read.err.starts_with(&begins), "{}", read.err);
        }
        for write in [
            &["keys", "rotate"][..],
            &["users", "delete", "ada", "--yes"],
        ] {
            let refused = local.run(write).await;
            assert!(refused.err.starts_with(&begins), "{}", refused.err);
        }
    }
    assert_eq!(local.stack.count().await, 0);
    assert_eq!(create(&["--newer-stack"]).await.code, 0);
    for known in ["0.0.1", crate::local::VERSION] {
        local.leave_word(roles, Some(known));
        for ours in [&["users", "list"][..], &["users", "sign-out", "ada"]] {
            let done = local.run(ours).await;
            assert_eq!((done.code, &*done.err), (0, ""));
        }
    }
}
