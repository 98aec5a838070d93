//! Start-up, nothing-due run and refresh, side by side with /bin/true and a Node script.
fn main() {}
