//! Keeps Instagram, Facebook and Threads access tokens from ever expiring.
fn main() {}
