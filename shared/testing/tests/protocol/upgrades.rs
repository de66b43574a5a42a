//! Versions side by side: what one has written, the other reads, and keeps when it writes.
//!
//! A version reads what the releases before it have written, from their fixtures, and what the next
//! one may write, imitated by members that it does not know. Every way in which an item is written
//! is gone, and nothing may be lost.

mod fixture;
mod mails;

use std::collections::BTreeMap;

use accounts::{SealedTotp, User};
use api::FactorKeys;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use testing::{Authenticator, Client, OTHER_PASSWORD, PASSWORD, Release, Session, Stack, number};

/// So that fixtures outlive their makers: in the year 2100.
const FAR: u64 = 4_102_444_800;

/// The table: by kind, and by direction, the writes that kept it and those that lost it.
type Table = BTreeMap<&'static str, [(Vec<&'static str>, Vec<&'static str>); 2]>;

struct Course<'a> {
    release: &'a Release,
    stack: Stack,
    api: Client,
    direction: usize,
    table: &'a mut Table,
}

impl<'a> Course<'a> {
    async fn begin(release: &'a Release, direction: usize, table: &'a mut Table) -> Self {
        let none = ["LOGIN_BURST", "REGISTRATION_BURST"].map(|limit| (limit, "0"));
        // More work than the fixture's hash, so that a login hashes the password anew.
        let work = [("ARGON2_ITERATIONS", "6"), ("SIGNING_ALGORITHM", "ES256")];
        let stack = Stack::start_with(&[none, work].concat()).await;
        Self::on(stack, release, direction, table).await
    }

    async fn on(
        stack: Stack,
        release: &'a Release,
        direction: usize,
        table: &'a mut Table,
    ) -> Self {
        release.load(&stack).await;
        let api = stack.api();
        Self {
            release,
            stack,
            api,
            direction,
            table,
        }
    }

    fn note(&mut self, kind: &'static str, write: &'static str, kept: bool) {
        let (all, lost) = &mut self.table.entry(kind).or_default()[self.direction];
        all.push(write);
        if !kept {
            lost.push(write);
        }
    }

    /// Looks for everything of the release in the tables.
    async fn after(&mut self, write: &'static str) {
        for (kind, kept) in self.release.kept(&self.stack).await {
            self.note(kind, write, kept);
        }
    }

    /// The session of the fixture, with the access token of the fixture.
    async fn refresh(&mut self) -> Session {
        let answer = self.api.refresh(&self.release.refresh_token).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        self.after("refresh").await;
        let session = self.api.session(answer);
        let token = self.release.access_token.clone();
        let session = session.with_access_token(token);
        for path in ["/protected", "/me"] {
            let accepted = session.get(path).await.status == 200;
            self.note("claim", path, accepted);
        }
        session
    }

    async fn login(&mut self) {
        let hashes = async |stack: &Stack| {
            let logins = stack.items("LoginsTable").await.into_iter();
            let own = logins.filter(|login| !login.contains_key("factors"));
            let hashes = own.map(|login| login["password_hash"].as_s().unwrap().clone());
            hashes.collect::<Vec<_>>()
        };
        let before = hashes(&self.stack).await;
        self.api.sign_in("ada").await;
        let after = hashes(&self.stack).await;
        assert!(
            after.iter().all(|hash| !before.contains(hash)),
            "hashed anew"
        );
        self.after("login with a new hash").await;
    }

    async fn names(&mut self, ada: &Session, names: &[&'static str]) {
        for name in names {
            let (write, names) = match *name {
                "username" => ("new username", json!({ "username": "countess" })),
                _ => (
                    "new e-mail address",
                    json!({ "email": "countess@example.com" }),
                ),
            };
            let renamed = ada.patch("/me", &names).await;
            assert_eq!(renamed.status, 200, "{}", renamed.json());
            self.after(write).await;
        }
    }

    async fn owner(&mut self, ada: &Session) -> Session {
        let changed = ada.change_password(PASSWORD, OTHER_PASSWORD).await;
        let ada = self.api.session(changed);
        self.after("new password").await;
        assert_eq!(ada.delete("/me/sessions").await.status, 204);
        self.after("end of other sessions").await;
        ada
    }

    async fn administrator(&mut self, id: &str) {
        let root = match self.api.login("root", PASSWORD).await {
            known if known.status == 200 => self.api.session(known),
            _ => self.stack.administrator(&self.api, "root").await,
        };
        let user = format!("/admin/users/{id}");
        let shown = root.get(&user).await.json();
        let mut roles = shown["roles"].as_array().unwrap().clone();
        roles.push(json!("introspector"));
        let (path, roles) = (format!("{user}/roles"), json!({ "roles": roles }));
        let granted = root.put(&path, &roles).await;
        assert_eq!(granted.status, 200, "{}", granted.json());
        self.after("roles by an administrator").await;
        for status in ["disabled", "active"] {
            let set = root.patch(&user, &json!({ "status": status })).await;
            assert_eq!(set.json()["status"], status);
            self.after("status by an administrator").await;
        }
        let ended = root.delete(&format!("{user}/sessions")).await;
        assert_eq!(ended.status, 204);
        self.after("end of all sessions").await;
    }

    async fn ring(&mut self) {
        let answer = self.stack.invoke("rotate-keys", &json!({})).await.unwrap();
        assert_eq!(answer["signing_keys"], 2, "{answer}");
        self.after("a successor by the schedule").await;
        let rotation = self.stack.environment().rotation().unwrap();
        let ring = rotation.rotate(api::now()).await.unwrap();
        self.after("a rotation").await;
        let next = ring.ring.successor(api::now()).unwrap();
        rotation
            .retire(next.kid().unwrap(), api::now())
            .await
            .unwrap();
        let next = &ring.macs.times[1].id;
        rotation.retire(next, api::now()).await.unwrap();
        self.after("keys retired").await;
        let published = self.api.get("/.well-known/jwks.json", None).await;
        let kids = published.json()["keys"].as_array().unwrap().clone();
        let is_ours = |key: &Value| !key["kid"].as_str().unwrap().starts_with("later");
        assert!(!kids.is_empty() && kids.iter().all(is_ours), "{kids:?}");
    }

    /// The account with second factors, of which a password goes on to ask for one.
    async fn enrolled(&mut self) {
        let answer = self.api.refresh(&self.release.enrolled.refresh_token).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        let grace = self.api.session(answer);
        self.after("refresh with second factors").await;
        self.is_asked("grace", PASSWORD).await;
        let renamed = grace.patch("/me", &json!({ "username": "hopper" })).await;
        assert_eq!(renamed.status, 200, "{}", renamed.json());
        assert_eq!(renamed.json()["second_factor"], json!("required"));
        self.is_asked("hopper", PASSWORD).await;
        let changed = grace.change_password(PASSWORD, OTHER_PASSWORD).await;
        let grace = self.api.session(changed);
        self.is_asked("hopper", OTHER_PASSWORD).await;
        assert_eq!(grace.delete("/me/sessions").await.status, 204);
        self.after("end of other sessions with second factors")
            .await;
        self.stack.add_passkey_row(&grace, "b3RoZXI").await;
        self.after("another passkey").await;
        for path in ["/me/totp", "/me/recovery-codes"] {
            let made = grace.post(path, &Value::Null).await;
            assert_eq!(made.status, 201, "{path}: {}", made.json());
        }
        self.after("another secret that waits, and recovery codes")
            .await;
        let user = self.stack.user("hopper").await;
        let factors = self.stack.environment().factors().unwrap();
        let held = factors.of(user.id).await.unwrap();
        assert_eq!(held.passkeys.len(), 2);
        let expected = &self.release.enrolled.totp_secret;
        assert_eq!(totp_secret(&self.stack, &user).await, *expected);
        self.administrator(&user.id.to_string()).await;
        let mfa_token = self.is_asked("hopper", OTHER_PASSWORD).await;
        let code = Authenticator::of(expected).code();
        let shown = json!({ "mfa_token": mfa_token, "code": code });
        let signed_in = self.api.post("/login/mfa", &shown).await;
        assert_eq!(signed_in.status, 200, "{}", signed_in.json());
        self.after("login with a code").await;
    }

    /// Returns the `mfa_token`.
    async fn is_asked(&mut self, username: &str, password: &str) -> Value {
        let asked = self.api.login(username, password).await;
        let error = asked.json()["error"].clone();
        assert_eq!((asked.status, error), (403, json!("mfa_required")));
        self.after("login that asks for a second factor").await;
        asked.json()["mfa_token"].clone()
    }

    /// All writes, and the names of an account that are changed by `PATCH /me`.
    async fn run(&mut self, names: &[&'static str]) {
        self.after("nothing").await;
        let ada = self.refresh().await;
        let me = ada.get("/me").await.json();
        let id = me["id"].as_str().unwrap();
        self.login().await;
        self.names(&ada, names).await;
        let ada = self.owner(&ada).await;
        self.ring().await;
        // A key of the release verifies, and its MAC key tags, after all of that.
        assert_eq!(ada.get("/protected").await.status, 200);
        assert_eq!(ada.refreshed().await.get("/me").await.status, 200);
        self.administrator(id).await;
        self.enrolled().await;
    }
}

/// The secret of the authenticator app of an account, in base32.
async fn totp_secret(stack: &Stack, user: &User) -> String {
    let environment = stack.environment();
    let totp = environment.factors().unwrap().totp(user.id).await.unwrap();
    let sealed = totp.and_then(|totp| totp.active).unwrap().secret;
    let sealed = SealedTotp::from_stored(&sealed).unwrap();
    let keys = FactorKeys::new(&environment).unwrap();
    let secret = keys.open(user.id, &sealed, api::now()).await.unwrap();
    secret.to_base32().to_string()
}

#[tokio::test]
async fn what_another_version_has_written_is_read_and_kept() {
    let mut table = Table::new();
    let releases = Release::all();
    assert!(!releases.is_empty());
    for release in &releases {
        for (direction, written) in [release.clone(), release.with_unknown()].iter().enumerate() {
            let mut course = Course::begin(written, direction, &mut table).await;
            course.run(&["username", "email"]).await;
        }
    }
    let mut lost = 0;
    let versions: Vec<_> = releases.iter().map(|it| it.version.as_str()).collect();
    println!("N = {}\n", versions.join(", "));
    println!("{:<18} {:<28} {:<28}", "", "N -> N + 1", "N + 1 -> N");
    for (kind, directions) in &table {
        let cells = directions.each_ref().map(|(all, missed)| {
            lost += missed.len();
            let (kept, missed) = (all.len() - missed.len(), missed.join(", "));
            let missed = if missed.is_empty() { "none" } else { &missed };
            format!("kept {kept} times, lost: {missed}")
        });
        println!("{kind:<18} {:<28} {:<28}", cells[0], cells[1]);
    }
    println!("\nafter: {}", table["item of Users"][0].0.join(", "));
    assert_eq!(lost, 0);
}

/// A later version has gone to a key of another kind, which ends ours, and is deployed no more.
#[tokio::test]
async fn after_going_back_from_another_kind_of_key_the_known_one_goes_on() {
    let stack = Stack::start_with(&[("SIGNING_ALGORITHM", "ES256")]).await;
    let ring = stack.items("KeysTable").await.remove(0);
    let mut keys: Value = serde_json::from_str(ring["keys"].as_s().unwrap()).unwrap();
    let now = api::now();
    keys[0]["gone_at"] = json!(now + 60);
    let jwk = json!({ "kty": "AKP", "alg": "ML-DSA-65", "use": "sig", "kid": "k", "pub": "AA" });
    let later = json!({ "jwk": jwk, "published_at": now - 9_000, "signs_from": now - 3_000 });
    let keys = json!([keys[0], later]);
    let stored = AttributeValue::S(keys.to_string());
    stack.set("KeysTable", "keys", stored).await;
    let ada = stack.api().sign_up("ada").await;
    assert_eq!(ada.get("/protected").await.status, 200);
    stack.invoke("rotate-keys", &json!({})).await.unwrap();
    let ring = stack.environment().keys().unwrap().sealed().await.unwrap();
    let ring = ring.unwrap().ring;
    let (known, next) = (ring.signer(now).unwrap(), ring.successor(now).unwrap());
    assert_eq!(known.kid().unwrap(), stack.key.kid());
    assert!(known.gone_at.unwrap() > next.signs_from);
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// The proof that an account has an address, as it is stored.
fn proof(address: &str) -> AttributeValue {
    let members = [("address", text(address)), ("at", number(1))];
    let members = members.map(|(name, value)| (name.to_owned(), value));
    AttributeValue::M(members.into())
}

/// A version that knows nothing of proofs changes the address alone.
#[tokio::test]
async fn an_address_that_an_earlier_version_set_is_not_verified() {
    let stack = Stack::with_mail(&[]).await;
    let api = stack.api();
    let names = json!({ "username": "ada", "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(api.post("/register", &names).await.status, 201);
    let ada = api.sign_in("ada").await;
    let shown = async |expected: bool| {
        for path in ["/me", "/protected"] {
            let answer = ada.get(path).await.json();
            let user = if path == "/me" {
                &answer
            } else {
                &answer["user"]
            };
            assert_eq!(user["email_verified"], expected, "{path}: {user}");
        }
        let claims = stack.claims(&api.sign_in("ada").await.access_token);
        assert_eq!(claims.email_verified, Some(expected));
    };
    shown(false).await;
    stack
        .set("UsersTable", "email_verified", proof("ada@example.com"))
        .await;
    shown(true).await;
    stack
        .set("UsersTable", "email", text("eve@example.com"))
        .await;
    shown(false).await;
}
