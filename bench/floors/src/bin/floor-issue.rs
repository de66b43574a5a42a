//! A function that does nothing but store a session, read the account whose id it is given meanwhile, and sign a token,
//! which a refresh is measured against.

use std::time::Duration;

use accounts::{
    AuthMethod, Authentication, Device, Epoch, Owner, Session, SessionLifetime, SessionSecret,
    UserId,
};
use api::SigningKeys;
use claims::{Claims, TokenType};
use lambda_http::{Error, Request, run, service_fn};

const NOBODY: &str = "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a11";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_http::tracing::init_default_subscriber();
    let environment = api::Environment::load()?;
    let users = &environment.users()?;
    let sessions = &environment.sessions()?;
    let keys = &SigningKeys::new(&environment)?;
    let owner = Owner {
        user_id: UserId::parse(NOBODY).ok_or("an id")?,
        epoch: Epoch::FIRST,
    };
    let lifetime = SessionLifetime {
        absolute: Duration::from_secs(3600),
        idle: Duration::from_secs(3600),
    };
    let secret = SessionSecret::generate()?;
    let session = &Session::begin(
        owner,
        Authentication::by(AuthMethod::PASSWORD, api::now()),
        lifetime,
        &secret,
        Device::default(),
    );
    let _ = keys.at(api::now()).await;
    run(service_fn(move |request: Request| async move {
        let id = UserId::parse(std::str::from_utf8(request.body())?).ok_or("no id")?;
        let now = api::now();
        let signer = keys
            .at(now)
            .await
            .map_err(|error| error.status().to_string())?
            .signer;
        let (put, got) = tokio::join!(sessions.put(session), users.get(id));
        put?;
        let token = signer.sign(&claims(now))?;
        Ok::<_, Error>(format!("{} {token}", got?.ok_or("no such account")?.id))
    }))
    .await
}

fn claims(now: u64) -> Claims {
    Claims {
        iss: "https://auth.example.com".to_owned(),
        sub: NOBODY.to_owned(),
        aud: "latchkey".to_owned(),
        client_id: "latchkey".to_owned(),
        exp: now + 900,
        iat: now,
        nbf: now,
        jti: NOBODY.to_owned(),
        sid: NOBODY.to_owned(),
        auth_time: now,
        acr: Some("aal1".to_owned()),
        amr: vec!["pwd".to_owned()],
        preferred_username: Some("ada".to_owned()),
        email_verified: None,
        scope: String::new(),
        roles: Vec::new(),
        token_type: TokenType::Access,
        fresh: false,
    }
}
