-- Times are seconds since 1970. What is secret, names of people and of accounts among it, is sealed.
CREATE TABLE settings (
    name text PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE keys (
    id bigint PRIMARY KEY,
    master text NOT NULL,
    wrapped bytea NOT NULL,
    created_at bigint NOT NULL
);

-- Rows are rewritten at each refresh: with room on the page, their neighbours and most indexes stay as they are.
CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    name_index bytea NOT NULL UNIQUE,
    owner_index bytea,
    platform text NOT NULL,
    state text NOT NULL,
    expires_at bigint,
    data_access_ends_at bigint,
    generation bigint NOT NULL,
    key_id bigint NOT NULL,
    sealed bytea NOT NULL
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
-- What is encrypted cannot be compressed.
ALTER TABLE accounts ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX accounts_owner ON accounts (owner_index) WHERE owner_index IS NOT NULL;
CREATE INDEX accounts_key ON accounts (key_id);
CREATE INDEX accounts_troubled ON accounts (id)
WHERE state NOT IN ('healthy', 'due', 'too_young', 'paused', 'no_token');

-- Narrow, because it changes with every claim. No index holds a lease: so a claim touches none.
CREATE TABLE due (
    account bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    generation bigint NOT NULL,
    run_at bigint,
    expires_at bigint,
    lease bigint,
    lease_until bigint,
    holder text,
    lease_since text
) WITH (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.02
);
CREATE INDEX due_run ON due (run_at) WHERE run_at IS NOT NULL;
CREATE INDEX due_end ON due (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE kept_tokens (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('waiting', 'previous', 'refused')),
    sealed bytea NOT NULL
);
ALTER TABLE kept_tokens ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX kept_tokens_account ON kept_tokens (account);

-- The targets that have not got the token in use.
CREATE TABLE deliveries (
    account bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    target text NOT NULL,
    since bigint NOT NULL,
    PRIMARY KEY (account, target)
);

CREATE TABLE alerts (
    account bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    sealed bytea NOT NULL
);

-- The audit: events outlive their account. A month can be dropped at once.
CREATE SEQUENCE events_id;
CREATE TABLE events (
    id bigint NOT NULL DEFAULT nextval('events_id'),
    at bigint NOT NULL,
    account bigint NOT NULL,
    actor text NOT NULL,
    what text NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX events_account ON events (account, id);
-- Of months that have no partition of their own.
CREATE TABLE events_default PARTITION OF events DEFAULT;

CREATE TABLE leases (
    name text PRIMARY KEY,
    lease bigint NOT NULL,
    lease_until bigint NOT NULL,
    holder text NOT NULL,
    lease_since text NOT NULL
);

-- Processes that serve the vault.
CREATE TABLE workers (
    id bigint PRIMARY KEY,
    who text NOT NULL,
    version text NOT NULL,
    started_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    in_flight bigint NOT NULL,
    done bigint NOT NULL,
    failed bigint NOT NULL,
    per_minute bigint NOT NULL
);
