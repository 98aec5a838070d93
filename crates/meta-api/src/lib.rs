//! Token endpoints of Instagram, Facebook and Threads: typed requests, tolerant replies, errors sorted by what to do about them.
