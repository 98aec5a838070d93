//! What a schedule does to tokens over the years.

pub mod assessment;
pub mod survival;
pub mod warnings;
