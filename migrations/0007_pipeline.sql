-- who is responsible for the next step
ALTER TABLE applications ADD COLUMN owner_id TEXT REFERENCES staff (id);
-- a duplicate: everything of it is shown with that one
ALTER TABLE applications ADD COLUMN merged_into TEXT REFERENCES applications (id);
-- counts the changes of its place, so that nobody undoes what they have not seen
ALTER TABLE applications ADD COLUMN moves BIGINT NOT NULL DEFAULT 0;

CREATE INDEX applications_place ON applications (stage_id, state, stage_since, id);
CREATE INDEX applications_owner ON applications (owner_id, state, stage_since, id);
CREATE INDEX applications_merged ON applications (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX applications_keep ON applications (keep_until, id);

-- how many applications of a job are where, kept so that nobody has to count them; drafts are nowhere: ''
CREATE TABLE application_counts (
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    stage_id TEXT NOT NULL,
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (opening_id, stage_id, state)
);

INSERT INTO application_counts (opening_id, stage_id, state, n)
    SELECT opening_id, coalesce(stage_id, ''), state, count(*) FROM applications GROUP BY opening_id, coalesce(stage_id, ''), state;

-- counts what happens on a job's board, so that an open page learns of it
CREATE TABLE boards (
    opening_id TEXT PRIMARY KEY REFERENCES openings (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL
);

-- when an application was in which stage, under way
CREATE TABLE stage_visits (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    -- from 1
    number BIGINT NOT NULL,
    opening_id TEXT NOT NULL,
    stage_id TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    left_at BIGINT,
    PRIMARY KEY (application_id, number)
);

CREATE INDEX stage_visits_stage ON stage_visits (opening_id, stage_id, entered_at);

INSERT INTO stage_visits (application_id, number, opening_id, stage_id, entered_at, left_at)
    SELECT id, 1, opening_id, stage_id, coalesce(stage_since, submitted_at), ended_at FROM applications
    WHERE stage_id IS NOT NULL AND state <> 'declined';

-- who did what: each row holds the hash of the one before it
CREATE TABLE audit_log (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    -- a person of the staff; 'candidate'; 'halfopen' itself
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    -- such as 'application 0198…'; no name and no address, because it is never erased
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE INDEX audit_log_subject ON audit_log (subject, seq);

-- the end of the chain, so that missing last rows are found
CREATE TABLE audit_head (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);

INSERT INTO audit_head (one, seq, hash) VALUES (1, 0, '');
