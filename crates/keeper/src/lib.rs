//! The heart: when a token is refreshed, and the one straight way it takes from Meta to the disk.
