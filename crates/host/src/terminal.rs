//! A line that the person at the terminal types unseen.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub use unix::unseen_line;
#[cfg(windows)]
pub use windows::unseen_line;
