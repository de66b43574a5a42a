//! Compares the codes of authenticators with those that somebody else has computed. Each line of its
//! input has a secret in hexadecimal digits and in base32, a time, a code, and the step that the
//! code is of at that time, or `-`.

use std::error::Error;
use std::io::BufRead;

use accounts::{TotpCode, TotpSecret};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut right, mut wrong) = (0, 0);
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match check(&line).map_err(|error| format!("{line}: {error}"))? {
            Some(_) => right += 1,
            None => wrong += 1,
        }
    }
    println!("{right} codes of a step, {wrong} of none");
    Ok(())
}

/// Returns the step that a line has, once it is found right.
fn check(line: &str) -> Result<Option<u64>, Box<dyn Error>> {
    let fields: Vec<_> = line.split(' ').collect();
    let [hex, base32, now, code, step] = fields[..] else {
        return Err("there are not five fields".into());
    };
    let bytes = u8_pairs(hex)?;
    let secret = TotpSecret::from_bytes(&bytes).ok_or("the secret is not 20 bytes")?;
    if secret.to_base32().as_str() != base32 {
        return Err(format!("the secret is {}", secret.to_base32().as_str()).into());
    }
    let found = secret.step_of(&TotpCode::parse(code)?, now.parse()?);
    let expected = Some(step).filter(|step| *step != "-");
    let expected = expected.map(str::parse).transpose()?;
    if found != expected {
        return Err(format!("the step is {found:?}").into());
    }
    Ok(found)
}

fn u8_pairs(hex: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let pairs = (0..hex.len()).step_by(2).map(|start| {
        let pair = hex.get(start..start + 2).ok_or("half a byte")?;
        Ok(u8::from_str_radix(pair, 16)?)
    });
    pairs.collect()
}
