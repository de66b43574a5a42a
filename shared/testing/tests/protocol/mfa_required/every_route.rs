//! Every route, by every level of authentication and every rule whom a second factor is required
//! of, as one table. The routes and what they ask for are those of openapi.json.

use std::sync::Arc;

use accounts::{AuthMethod, MfaPurpose, MfaToken, WaysIn};
use api::RefreshKeys;
use local::openapi::{Access, operations};
use serde_json::{Value, json};
use testing::{Answer, Client, Stack};

use super::tokens;
use crate::sample::{Sample, samples};

/// The credential of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Brings {
    NoToken,
    Email,
    Aal1,
    Aal2,
    /// An `mfa_token` of an account with a second factor.
    ToSignIn,
    /// An `mfa_token` of an account without one.
    ToEnrol,
}

use Brings::*;

const ALL: [Brings; 6] = [NoToken, Email, Aal1, Aal2, ToSignIn, ToEnrol];

const RULES: [&str; 3] = ["off", "admins", "all"];

/// The routes that an `mfa_token` for enrolling opens.
const ENROLLING: [&str; 4] = [
    "POST /me/passkeys",
    "POST /me/passkeys/options",
    "POST /me/totp",
    "PUT /me/totp",
];

/// A route with what its document says of levels.
#[derive(Clone)]
struct Route {
    sample: Sample,
    /// It takes a recent authentication of the account's level.
    is_for_fresh: bool,
}

fn routes() -> Vec<Route> {
    let operations = operations();
    let routes = samples().into_iter().map(|sample| {
        let refused = &operations[&sample.key]["responses"]["401"]["$ref"];
        let refused = refused.as_str().unwrap_or_default();
        let takes_level = sample.key == "PUT /me/password";
        Route {
            is_for_fresh: takes_level
                || ["NotFresh", "NotEnrolling"]
                    .iter()
                    .any(|name| refused.ends_with(name)),
            sample,
        }
    });
    routes.collect()
}

fn expected(route: &Route, rule: &str, brings: Brings) -> u16 {
    let Sample {
        key,
        access,
        success,
        ..
    } = &route.sample;
    let is_enrolling = ENROLLING.contains(&key.as_str());
    match (key.as_str(), access, brings) {
        // Its account has no second factor.
        ("POST /login", ..) if rule == "all" => 403,
        // A mailed code and a recovery code are not two factors.
        ("POST /step-up", _, Email) if rule == "all" => 401,
        (_, Access::Anyone, _) => *success,
        (_, Access::RefreshToken, NoToken | ToSignIn | ToEnrol) => 401,
        (_, Access::RefreshToken, Email | Aal1) if rule == "all" => 401,
        (_, Access::RefreshToken, _) => *success,
        (_, _, NoToken | ToSignIn) => 401,
        (_, _, ToEnrol) => {
            if is_enrolling && rule == "all" {
                *success
            } else {
                401
            }
        }
        (_, Access::Scope(_), Email | Aal1) if rule != "off" => 401,
        (_, Access::Token | Access::Scope(_), Email) if route.is_for_fresh => 401,
        (_, Access::Token, Aal1) if route.is_for_fresh && rule == "all" => 401,
        _ => *success,
    }
}

/// The API under each of the rules, on the same tables.
struct World {
    stack: Stack,
    /// Where no second factor is required, and anybody registers.
    before: Client,
    apis: [Client; 3],
    keys: Arc<accounts::MacKeys>,
    /// The credentials for routes that are for anyone, in the order of [`ALL`].
    known: Vec<[String; 2]>,
}

impl World {
    async fn start() -> Self {
        let stack = Stack::unthrottled_with_mail().await;
        let under = |rule: &str| {
            let mode = if rule == "all" { "confirmed" } else { "open" };
            let variables = [("MFA_REQUIRED", rule), ("REGISTRATION_MODE", mode)];
            Client::api(&stack.environment_where(&variables))
        };
        let keys = RefreshKeys::new(&stack.environment()).unwrap();
        let mut world = Self {
            before: stack.api(),
            apis: RULES.map(under),
            keys: keys.at(api::now()).await.unwrap(),
            known: Vec::new(),
            stack,
        };
        for brings in ALL {
            let name = format!("known{}", world.known.len());
            let known = world.caller(&name, &Access::Anyone, brings).await;
            world.known.push(known);
        }
        world
    }

    /// A new account and what it brings: an access token or what stands for one, and what stands
    /// for a refresh token.
    async fn caller(&self, name: &str, access: &Access, brings: Brings) -> [String; 2] {
        let mut session = self.before.sign_up(name).await;
        if matches!(access, Access::Scope(_)) {
            self.stack.grant(name, &["admin"]).await;
        }
        let (methods, purpose) = match brings {
            NoToken | Aal1 => (&["pwd"][..], None),
            Email => (&["email"][..], None),
            Aal2 => (&["pwd", "otp"][..], None),
            ToSignIn => (&["pwd"][..], Some(MfaPurpose::SignIn)),
            ToEnrol => (&["pwd"][..], Some(MfaPurpose::Enrol)),
        };
        self.stack.begun_with(&session, methods).await;
        session.answer = self.before.refresh(&session.refresh_token).await;
        let session = self.before.session(session.answer);
        let Some(purpose) = purpose else {
            return [session.access_token, session.refresh_token];
        };
        if purpose == MfaPurpose::SignIn {
            let ways_in = WaysIn::default().with_totp();
            self.stack.give_ways_in(name, ways_in).await;
        }
        let token = MfaToken {
            purpose,
            owner: self.stack.user(name).await.owner(),
            issued_at: api::now(),
            methods: AuthMethod::PASSWORD.into(),
            device: None,
        };
        let token = token.to_text(&self.keys).unwrap().to_string();
        [token.clone(), token]
    }

    /// The function behind a route whose event is for another way to register than the API's.
    fn elsewhere(&self, key: &str, rule: &str) -> Option<Client> {
        let (mode, mails) = match key {
            "GET /signup" | "POST /signup" => ("confirmed", self.stack.variable("MAILS_TABLE")),
            "POST /register" if rule == "all" => ("open", ""),
            _ => return None,
        };
        let variables = [
            ("MFA_REQUIRED", rule),
            ("REGISTRATION_MODE", mode),
            ("MAILS_TABLE", mails),
        ];
        let environment = self.stack.environment_where(&variables);
        Some(Client::function("register", &environment))
    }

    async fn bring(&self, cell: usize, route: &Route, rule: usize, brings: Brings) -> Answer {
        let (sample, api) = (&route.sample, &self.apis[rule]);
        let (eve, ada) = (format!("eve{cell}"), format!("ada{cell}"));
        let brought = match sample.access {
            // Nobody looks at it.
            Access::Anyone => self.known[brings as usize].clone(),
            _ => self.caller(&eve, &sample.access, brings).await,
        };
        let [access, refresh] = brought;
        // Whom the event logs in or shows a ticket of, and whom an administrator acts on.
        let owner = match sample.access {
            Access::Anyone | Access::Scope(_) => {
                self.before.sign_up_with_address(&ada).await;
                ada
            }
            _ => eve,
        };
        let owner = self.stack.user(&owner).await;
        let id = owner.id.to_string();
        let sample = sample.clone().prepared(&self.stack, &owner).await;
        let elsewhere = self.elsewhere(&sample.key, RULES[rule]);
        let api = elsewhere.as_ref().unwrap_or(api);
        let token = (brings != NoToken).then_some(access.as_str());
        match sample.access {
            Access::RefreshToken => {
                let refresh = if brings == NoToken { "none" } else { &refresh };
                let body = json!({ "refresh_token": refresh });
                sample.send_body(api, None, &id, &body).await
            }
            // A token in the body would win.
            Access::Either => sample.send_body(api, token, &id, &Value::Null).await,
            _ if sample.success == 201 => {
                sample.send(api, token, &id, &format!("{cell}.new")).await
            }
            _ => sample.send(api, token, &id, &cell.to_string()).await,
        }
    }

    /// Tells what is wrong with the tokens of an answer.
    fn judge_tokens(&self, rule: &str, brings: Brings, answer: &Answer) -> Option<String> {
        let body = answer.json();
        if tokens(&body).is_empty() {
            return None;
        }
        if body.get("mfa_token").is_some() {
            return Some("tokens beside an mfa_token".to_owned());
        }
        let acr = self.stack.claims(&answer.access_token()).acr;
        let is_low = rule == "all" && acr.as_deref() != Some("aal2");
        let what = || format!("a token at {acr:?} to one who brings {brings:?}");
        is_low.then(what)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_route_answers_every_level_under_every_rule_as_it_should() {
    let routes = routes();
    let world = Arc::new(World::start().await);
    let columns = RULES.iter().enumerate();
    let columns = columns.flat_map(|(rule, _)| ALL.map(|brings| (rule, brings)));
    let columns: Vec<_> = columns.collect();
    let names = columns
        .iter()
        .map(|(rule, brings)| format!("{} {brings:?}", RULES[*rule]));
    println!("| route | {} |", Vec::from_iter(names).join(" | "));
    println!("| --- |{}", " --- |".repeat(columns.len()));
    let mut wrong = Vec::new();
    let mut with_tokens = 0;
    for (line, route) in routes.iter().enumerate() {
        let cells = columns.iter().enumerate().map(|(column, (rule, brings))| {
            let (world, route, rule, brings) = (world.clone(), route.clone(), *rule, *brings);
            let cell = line * columns.len() + column;
            tokio::spawn(async move { world.bring(cell, &route, rule, brings).await })
        });
        let cells: Vec<_> = cells.collect();
        let mut statuses = Vec::new();
        for ((rule, brings), answer) in columns.iter().zip(cells) {
            let (rule, answer) = (RULES[*rule], answer.await.unwrap());
            let what = format!("{}, {rule}, {brings:?}", route.sample.key);
            if answer.status != expected(route, rule, *brings) {
                wrong.push(format!("{what}: {} {}", answer.status, answer.json()));
            }
            with_tokens += usize::from(!tokens(&answer.json()).is_empty());
            let judged = world.judge_tokens(rule, *brings, &answer);
            wrong.extend(judged.map(|judged| format!("{what}: {judged}")));
            statuses.push(answer.status.to_string());
        }
        println!("| {} | {} |", route.sample.key, statuses.join(" | "));
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(with_tokens > 20, "{with_tokens} answers have tokens");
}
