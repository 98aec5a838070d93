-- Times are seconds since 1970. What is secret, names of people and of accounts among it, is sealed.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
    id INTEGER PRIMARY KEY,
    master TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    name_index BLOB NOT NULL UNIQUE,
    owner_index BLOB,
    platform TEXT NOT NULL,
    state TEXT NOT NULL,
    expires_at INTEGER,
    data_access_ends_at INTEGER,
    generation INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX accounts_owner ON accounts (owner_index) WHERE owner_index IS NOT NULL;
CREATE INDEX accounts_key ON accounts (key_id);
CREATE INDEX accounts_troubled ON accounts (id)
WHERE state NOT IN ('healthy', 'due', 'too_young', 'paused', 'no_token');

-- Narrow, because it changes with every claim.
CREATE TABLE due (
    account INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    generation INTEGER NOT NULL,
    run_at INTEGER,
    expires_at INTEGER,
    lease INTEGER,
    lease_until INTEGER,
    holder TEXT,
    lease_since TEXT
) STRICT;
CREATE INDEX due_run ON due (run_at) WHERE run_at IS NOT NULL;
CREATE INDEX due_end ON due (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE kept_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('waiting', 'previous', 'refused')),
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX kept_tokens_account ON kept_tokens (account);

-- The targets that have not got the token in use.
CREATE TABLE deliveries (
    account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    target TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (account, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts (
    account INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    sealed BLOB NOT NULL
) STRICT;

-- The audit: events outlive their account.
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    account INTEGER NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX events_account ON events (account, id);

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    lease INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    holder TEXT NOT NULL,
    lease_since TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Processes that serve the vault.
CREATE TABLE workers (
    id INTEGER PRIMARY KEY,
    who TEXT NOT NULL,
    version TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    in_flight INTEGER NOT NULL,
    done INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    per_minute INTEGER NOT NULL
) STRICT;
