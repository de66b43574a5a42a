//! Writes QR codes of authenticators into a directory: of each name `N.svg`, and in `N.json` what is
//! in it.

use std::path::PathBuf;

use accounts::TotpSecret;
use factors::otpauth;
use serde_json::json;

/// Issuers, the accounts beside them, and how an authenticator shows both.
const NAMES: [[&str; 4]; 8] = [
    ["auth.example.com", "kim", "auth.example.com", "kim"],
    [
        "auth.example.com",
        "kim@example.com",
        "auth.example.com",
        "kim@example.com",
    ],
    [
        "Käse & Brötchen",
        "jörg.müller",
        "Käse & Brötchen",
        "jörg.müller",
    ],
    ["凧の店", "żółw@例え.jp", "凧の店", "żółw@例え.jp"],
    ["Kites: Berlin", "kim", "Kites Berlin", "kim"],
    ["localhost:3000", "a:b", "localhost 3000", "a b"],
    [
        "100% + more?",
        "kim=a&secret=b#c",
        "100% + more?",
        "kim=a&secret=b#c",
    ],
    ["🪁", "kim/..", "🪁", "kim/.."],
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args_os().nth(1);
    let directory = PathBuf::from(directory.ok_or("usage: write_qr_codes DIRECTORY")?);
    std::fs::create_dir_all(&directory)?;
    let longest = ["i".repeat(253), format!("{}@example.com", "a".repeat(242))];
    let longest = [&longest[0], &longest[1], &longest[0], &longest[1]].map(String::as_str);
    for (number, names) in NAMES.into_iter().chain([longest]).enumerate() {
        let [issuer, account, shown_issuer, shown_account] = names;
        let secret = TotpSecret::generate()?;
        let uri = otpauth::uri(issuer, account, &secret);
        let named = |end| directory.join(format!("{number}.{end}"));
        std::fs::write(named("svg"), otpauth::qr_code(&uri)?.as_bytes())?;
        let content = json!({
            "uri": uri.as_str(),
            "secret": secret.to_base32().as_str(),
            "issuer": shown_issuer,
            "account": shown_account,
        });
        std::fs::write(named("json"), content.to_string())?;
    }
    Ok(())
}
