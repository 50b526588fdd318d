-- a coding test given to one candidate
CREATE TABLE assessments (
    id TEXT PRIMARY KEY,
    candidate TEXT NOT NULL,
    email TEXT NOT NULL,
    -- name and address, for searching
    candidate_key TEXT NOT NULL,
    challenge TEXT NOT NULL,
    variant TEXT NOT NULL CHECK (variant IN ('without_ai', 'with_ai')),
    minutes BIGINT NOT NULL,
    -- of the time: 100 is none
    extra_percent BIGINT NOT NULL,
    -- it has to be started before this
    deadline BIGINT NOT NULL,
    -- whether the candidate may read the result
    shared BOOLEAN NOT NULL,
    -- as it is, because a reminder repeats the link; absent once revoked
    link TEXT UNIQUE,
    invited_by TEXT NOT NULL REFERENCES staff (id),
    invited_at BIGINT NOT NULL,
    opened_at BIGINT,
    started_at BIGINT,
    -- moves when the server gives back time of its own
    ends_at BIGINT,
    submitted_at BIGINT,
    withdrawn_at BIGINT,
    submission_id TEXT REFERENCES submissions (id),
    -- from the form: sending it twice invites once
    form_token TEXT NOT NULL UNIQUE
);

CREATE INDEX assessments_deadline ON assessments (deadline);
CREATE UNIQUE INDEX assessments_submission ON assessments (submission_id);

-- what stands in the editor; the page that was opened last is the one that saves
CREATE TABLE drafts (
    assessment_id TEXT PRIMARY KEY REFERENCES assessments (id) ON DELETE CASCADE,
    language TEXT NOT NULL CHECK (language IN ('javascript', 'typescript')),
    source BYTEA NOT NULL,
    tab TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);

-- what the public scenarios said of a draft
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    assessment_id TEXT NOT NULL REFERENCES assessments (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('javascript', 'typescript')),
    source BYTEA NOT NULL,
    report TEXT NOT NULL,
    ran_at BIGINT NOT NULL,
    UNIQUE (assessment_id, number)
);

-- suggestions of an AI, and what became of them
CREATE TABLE ai_log (
    id TEXT PRIMARY KEY,
    assessment_id TEXT NOT NULL REFERENCES assessments (id) ON DELETE CASCADE,
    proposed TEXT NOT NULL,
    fate TEXT NOT NULL CHECK (fate IN ('taken', 'changed', 'rejected')),
    why TEXT NOT NULL,
    written_at BIGINT NOT NULL
);

CREATE INDEX ai_log_assessment ON ai_log (assessment_id, id);
