//! The real transport.
