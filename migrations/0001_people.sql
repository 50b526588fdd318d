CREATE TABLE staff (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'recruiter', 'hiring_manager', 'interviewer')),
    -- absent until an invitation is accepted
    password_hash TEXT,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE INDEX sessions_staff ON sessions (staff_id);

-- one unused link for each person that has not set a password, or has lost it
CREATE TABLE invitations (
    staff_id TEXT PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);

-- the moment at which a key has used none of its allowance, on every node
CREATE TABLE rate_limits (
    limit_key TEXT PRIMARY KEY,
    free_at BIGINT NOT NULL
);

CREATE INDEX rate_limits_free ON rate_limits (free_at);

-- facts about this installation: whether it holds demonstration data
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
