CREATE TABLE submissions (
    id TEXT PRIMARY KEY,
    challenge TEXT NOT NULL,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('javascript', 'typescript')),
    source BYTEA NOT NULL,
    seed BIGINT NOT NULL,
    submitted_by TEXT NOT NULL REFERENCES staff (id),
    submitted_at BIGINT NOT NULL,
    -- from the form: sending it twice makes one submission
    form_token TEXT NOT NULL UNIQUE,
    -- the verdict in force, and what lists show of it
    verdict_id TEXT,
    band TEXT CHECK (band IN ('below', 'meets', 'exceeds', 'rejected')),
    -- the criteria in their order, + for each that holds and - for each that does not
    strip TEXT
);

CREATE INDEX submissions_challenge ON submissions (challenge, id);
CREATE INDEX submissions_band ON submissions (band, id);
CREATE INDEX submissions_submitter ON submissions (submitted_by);

-- what the grader said, never changed afterwards
CREATE TABLE verdicts (
    id TEXT PRIMARY KEY,
    submission_id TEXT NOT NULL REFERENCES submissions (id),
    edition TEXT NOT NULL,
    seed BIGINT NOT NULL,
    document TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    UNIQUE (submission_id, edition, seed)
);

-- a verdict that somebody asked for anew; it counts once it is applied
CREATE TABLE regradings (
    id TEXT PRIMARY KEY,
    submission_id TEXT NOT NULL REFERENCES submissions (id),
    requested_by TEXT NOT NULL REFERENCES staff (id),
    requested_at BIGINT NOT NULL,
    seed BIGINT NOT NULL,
    -- in force when this was asked for
    old_verdict_id TEXT NOT NULL REFERENCES verdicts (id),
    new_verdict_id TEXT REFERENCES verdicts (id),
    applied_by TEXT REFERENCES staff (id),
    applied_at BIGINT
);

CREATE INDEX regradings_submission ON regradings (submission_id, id);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    -- what is to be done and to what, "grade 0193…"; the same task is queued once
    task TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('queued', 'failed')),
    run_at BIGINT NOT NULL,
    -- nobody else takes the job before this moment
    leased_until BIGINT NOT NULL,
    holder TEXT,
    attempts BIGINT NOT NULL,
    -- why it failed, in words for the person who may try again
    failure TEXT
);

CREATE INDEX jobs_due ON jobs (state, run_at, id);
