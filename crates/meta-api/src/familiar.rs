//! Messages that people search for, where the phrases of the table do not hold them.

/// The message in lower case, the name of the row that it means, and how sure that is, in percent: what follows "Invalid OAuth
/// access token" often says more.
pub static FAMILIAR: [(&str, &str, u8); 13] = [
    ("unsupported request", "no access to this account", 95),
    ("unsupported get request", "not visible", 95),
    ("cannot be loaded due to missing permissions", "not visible", 95),
    ("session has expired", "expired", 95),
    ("changed their password", "password changed", 95),
    ("application request limit", "app call limit", 95),
    ("user request limit", "user call limit", 95),
    ("an unknown error", "unknown error", 95),
    ("an unexpected error has occurred", "service down", 95),
    ("cannot get application info", "bad app id", 95),
    ("invalid oauth access token", "token refused", 85),
    ("invalid oauth 2.0 access token", "token refused", 85),
    ("error validating access token", "token refused", 85),
];
