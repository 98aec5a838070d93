//! Where records live: project files.
