//! What is generated: man pages, completions, pictures, doc tables.
fn main() {}
