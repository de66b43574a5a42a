//! Tests of the engine.

use aws_sdk_dynamodb::types::{AttributeValue, StreamViewType, TimeToLiveStatus};

use super::Engine;
use crate::Template;

#[tokio::test]
async fn an_engine_has_every_table_of_the_template() {
    let engine = Engine::start().await.unwrap();
    let tables = engine.client().list_tables().send().await.unwrap();
    assert_eq!(
        tables.table_names(),
        [
            "FactorsTable",
            "KeysTable",
            "LoginsTable",
            "SessionsTable",
            "ThrottlesTable",
            "UsersTable"
        ]
    );
}

#[tokio::test]
async fn mails_have_a_stream_where_mail_is_sent_and_no_table_elsewhere() {
    let template = Template::with_mail();
    let engine = Engine::start_of(&template).await.unwrap();
    let client = engine.client();
    let found = client.describe_table().table_name("MailsTable").send();
    let table = found.await.unwrap().table.unwrap();
    let stream = table.stream_specification.unwrap();
    assert!(stream.stream_enabled);
    assert_eq!(stream.stream_view_type, Some(StreamViewType::NewImage));
}

#[tokio::test]
async fn sessions_have_an_end_of_life() {
    let engine = Engine::start().await.unwrap();
    let found = engine
        .client()
        .describe_time_to_live()
        .table_name("SessionsTable")
        .send()
        .await
        .unwrap();
    let ttl = found.time_to_live_description.unwrap();
    assert_eq!(ttl.attribute_name(), Some("ttl"));
    assert_eq!(ttl.time_to_live_status(), Some(&TimeToLiveStatus::Enabled));
}

#[tokio::test]
async fn two_engines_share_nothing() {
    let (first, second) = (
        Engine::start().await.unwrap(),
        Engine::start().await.unwrap(),
    );
    put_user(&first).await;
    assert_eq!(users(&first).await, 1);
    assert_eq!(users(&second).await, 0);
}

#[tokio::test]
async fn data_in_a_file_outlive_the_engine() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("dynamodb.db");
    let template = Template::load();
    let engine = Engine::open(&file, &template).await.unwrap();
    put_user(&engine).await;
    engine.stop().await.unwrap();

    let engine = Engine::open(&file, &template).await.unwrap();
    assert_eq!(users(&engine).await, 1);
}

#[tokio::test]
async fn a_stopped_engine_answers_no_more() {
    let engine = Engine::start().await.unwrap();
    let address = engine.url().trim_start_matches("http://").to_owned();
    engine.stop().await.unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

async fn put_user(engine: &Engine) {
    let id = AttributeValue::S("1".into());
    engine
        .client()
        .put_item()
        .table_name("UsersTable")
        .item("id", id)
        .send()
        .await
        .unwrap();
}

async fn users(engine: &Engine) -> i32 {
    engine
        .client()
        .scan()
        .table_name("UsersTable")
        .send()
        .await
        .unwrap()
        .count()
}
