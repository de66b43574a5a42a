//! One password hash for each line that comes in; each answered with the microseconds that it took.

use std::io::stdin;
use std::time::Instant;

use accounts::{Cost, Password, PasswordHasher};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hasher = PasswordHasher::new(Cost {
        memory_kib: 19_456,
        iterations: 2,
    })?;
    let password = Password::parse("correct horse battery staple")?;
    for line in stdin().lines() {
        line?;
        let start = Instant::now();
        hasher.hash(&password)?;
        println!("{}", start.elapsed().as_micros());
    }
    Ok(())
}
