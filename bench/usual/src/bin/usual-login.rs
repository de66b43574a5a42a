//! A login as tutorials write it: it reads the account, verifies the password, stores a session and signs a token.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordVerifier};
use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use jsonwebtoken::{Algorithm, EncodingKey, Header, get_current_timestamp};
use lambda_http::{Error, IntoResponse, Request, Response, run, service_fn};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Deserialize)]
struct Credentials {
    username: String,
    password: String,
}

#[derive(Serialize)]
struct Claims {
    sub: String,
    iat: u64,
    exp: u64,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    lambda_http::tracing::init_default_subscriber();
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let client = &Client::new(&config);
    run(service_fn(move |request: Request| login(client, request))).await
}

async fn login(client: &Client, request: Request) -> Result<impl IntoResponse + use<>, Error> {
    let Credentials { username, password } = serde_json::from_slice(request.body())?;
    let found = client
        .get_item()
        .table_name(std::env::var("LOGINS_TABLE")?)
        .key("name", AttributeValue::S(username.clone()))
        .send()
        .await?;
    let account = found.item().ok_or("no such account")?;
    let text = |name: &str| match account.get(name) {
        Some(AttributeValue::S(text)) => Ok(text.as_str()),
        _ => Err(format!("no {name}")),
    };
    let hash = PasswordHash::new(text("password_hash")?)?;
    Argon2::default().verify_password(password.as_bytes(), &hash)?;

    let now = get_current_timestamp();
    let id = Uuid::new_v4().to_string();
    client
        .put_item()
        .table_name(std::env::var("SESSIONS_TABLE")?)
        .item("user_id", AttributeValue::S(text("user_id")?.to_owned()))
        .item("id", AttributeValue::S(id))
        .send()
        .await?;
    let claims = Claims {
        sub: username,
        iat: now,
        exp: now + 900,
    };
    let pem = std::env::var("SIGNING_KEY")?;
    let key = EncodingKey::from_rsa_pem(pem.as_bytes())?;
    let token = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &key)?;
    Ok(Response::new(
        serde_json::json!({ "access_token": token }).to_string(),
    ))
}
