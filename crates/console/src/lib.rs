//! What every command stands on: the command line ([`cli`]), the project ([`context`]), what a person types ([`input`]) and what
//! the program says ([`output`]).

pub mod cli;
pub mod context;
pub mod input;
pub mod output;
pub mod runtime;
