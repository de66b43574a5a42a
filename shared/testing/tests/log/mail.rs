//! The lines in the log about mails, and about requests with their tickets.

use local::inbox::{Refusal, Verdict};
use local::pump::Turn;
use serde_json::{Value, json};
use testing::letters::Received;
use testing::{Answer, Client, OTHER_PASSWORD, PASSWORD, Session, Stack};

const ADDRESS: &str = "eve@example.com";
const OTHER_ADDRESS: &str = "eve@example.org";

fn expect(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.json());
    answer.json()
}

/// Everything by which a letter proves something.
fn secrets(letter: &Received) -> Vec<String> {
    let codes = letter
        .code
        .iter()
        .flat_map(|code| [code.replace(' ', ""), code.clone()]);
    [letter.ticket().to_owned()]
        .into_iter()
        .chain(codes)
        .collect()
}

/// Does all that is done by mail; returns what the log may not have of it.
pub(crate) async fn people() -> Vec<String> {
    let stack = Stack::unthrottled_with_mail().await;
    let api = stack.api();
    let mut all = vec![ADDRESS.to_owned(), OTHER_ADDRESS.to_owned()];
    let eve = api.sign_up_with_address("eve").await;
    all.extend(moved(&stack, &eve).await);
    let forgotten = json!({ "email": OTHER_ADDRESS });
    let asked = expect(&api.post("/forgot-password", &forgotten).await, 202);
    let letter = stack.letter(OTHER_ADDRESS, "reset").await;
    let (ticket, code) = (&asked["ticket"], &letter.code);
    let shown = json!({ "ticket": ticket, "code": code, "password": OTHER_PASSWORD });
    assert_eq!(api.post("/reset-password", &shown).await.status, 204);
    all.push(ticket.as_str().unwrap().to_owned());
    all.extend(secrets(&letter));

    let root = stack.administrator(&api, "root").await;
    let invited = json!({ "email": "invited@example.com" });
    expect(&root.post("/admin/users", &invited).await, 202);
    let path = format!("/admin/users/{}/password-reset", eve.user_id());
    expect(&root.post(&path, &json!({})).await, 202);
    let confirmed = stack.environment_with("REGISTRATION_MODE", Some("confirmed"));
    let confirmed = Client::function("register", &confirmed);
    let email = json!({ "email": "mallory@example.com" });
    expect(&confirmed.post("/register", &email).await, 202);
    for (address, purpose) in [
        ("invited@example.com", "signup"),
        (OTHER_ADDRESS, "reset"),
        ("mallory@example.com", "signup"),
    ] {
        all.extend(secrets(&stack.letter(address, purpose).await));
    }
    all
}

/// Proves an address, and moves to another to which it agrees.
async fn moved(stack: &Stack, eve: &Session) -> Vec<String> {
    let confirm = async |shown: Value, status: u16| {
        let answer = eve.post("/me/email/confirm", &shown).await;
        assert_eq!(answer.status, status);
    };
    let proof = stack.letter(ADDRESS, "email").await;
    confirm(json!({ "ticket": proof.ticket() }), 200).await;
    let other = json!({ "email": OTHER_ADDRESS });
    let asked = expect(&eve.put("/me/email", &other).await, 202);
    let consent = stack.letter(ADDRESS, "notice").await;
    confirm(json!({ "ticket": consent.ticket() }), 204).await;
    let letter = stack.letter(OTHER_ADDRESS, "email").await;
    let (ticket, code) = (&asked["ticket"], &letter.code);
    confirm(json!({ "ticket": ticket, "code": code }), 200).await;
    let letters = [&proof, &consent, &letter].into_iter().flat_map(secrets);
    let mut all: Vec<_> = letters.collect();
    all.push(ticket.as_str().unwrap().to_owned());
    all
}

/// Has a batch of mails sent of which one waits, one is refused, and one cannot be made; returns
/// what the log may not have of them.
pub(crate) async fn batch() -> Vec<String> {
    let stack = Stack::with_mail(&[]).await;
    let mailbox = stack.mailbox().await;
    let mut pump = mailbox.pump();
    let rotation = stack.environment().rotation().unwrap();
    let gone = stack.order("gone@example.com").await;
    rotation.maintain(api::now()).await.unwrap();
    let key = format!("{:016x}", gone.ticket.seed.mac_key);
    rotation.retire(&key, api::now()).await.unwrap();
    for name in ["refused", "sent", "waits"] {
        stack.order(&format!("{name}@example.com")).await;
    }
    mailbox.inbox.decide(|mail| match mail.to[0].as_str() {
        "refused@example.com" => Verdict::Refuse(Refusal::MessageRejected(format!(
            "Email address is not verified: {}",
            mail.to[0]
        ))),
        "waits@example.com" => Verdict::Refuse(Refusal::SendingPaused),
        _ => Verdict::Keep,
    });
    assert_eq!(pump.turn(api::now()).await.unwrap(), Turn::Failed);
    let refused = refused_code(&stack).await;
    let mails = mailbox.inbox.mails();
    let mut secrets = mails[0].codes();
    let links = mails[0].links().into_iter();
    let tickets = links.filter_map(|link| link.split_once("ticket="));
    secrets.extend(tickets.map(|(_, ticket)| ticket.to_owned()));
    assert_eq!(secrets.len(), 2);
    let code = secrets[0].split_at(4);
    secrets.push(format!("{} {}", code.0, code.1));
    secrets.push("@example.com".to_owned());
    secrets.push(refused);
    secrets
}

/// Shows a wrong code beside a handle, and returns the handle.
async fn refused_code(stack: &Stack) -> String {
    let asked = json!({ "email": "nobody@example.com" });
    let asked = stack.api().post("/forgot-password", &asked).await;
    let handle = asked.json()["ticket"].as_str().unwrap().to_owned();
    let wrong = json!({ "ticket": handle, "code": "00000000", "password": PASSWORD });
    let answer = stack.api().post("/reset-password", &wrong).await;
    assert_eq!(answer.status, 400, "{}", answer.json());
    handle
}
