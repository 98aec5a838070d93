//! Replace a file so that a crash leaves it wholly old or wholly new.
