//! What several of the measurements need.

pub mod bulk;
