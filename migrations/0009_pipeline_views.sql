-- the lists of a job, each by its key
CREATE INDEX applications_newest ON applications (opening_id, id);
CREATE INDEX applications_longest ON applications (opening_id, state, stage_since, id);
CREATE INDEX applications_owned ON applications (opening_id, owner_id, id) WHERE owner_id IS NOT NULL;
CREATE INDEX applications_unowned ON applications (opening_id, state, id) WHERE owner_id IS NULL;

-- the words by which an application is found, each part without case and accents; drafts are not found
CREATE TABLE search_texts (
    -- ordered by time, made of the id
    number BIGINT PRIMARY KEY,
    application_id TEXT NOT NULL UNIQUE,
    -- the number of the job
    scope BIGINT NOT NULL,
    person TEXT NOT NULL,
    notes TEXT NOT NULL,
    comments TEXT NOT NULL,
    files TEXT NOT NULL
);

-- the same the other way round: within a job, and within 0, which is all of them
CREATE TABLE search_words (
    scope BIGINT NOT NULL,
    -- its bytes: databases differ in how they order text
    word BYTEA NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (scope, word, number)
);

-- what is there already is indexed in the background
INSERT INTO jobs (id, task, state, run_at, leased_until, attempts)
    SELECT '00000000-0000-7000-8000-000000000009', 'index 00000000-0000-0000-0000-000000000000', 'queued', 0, 0, 0
    FROM applications LIMIT 1;

-- a filter that somebody keeps for a job
CREATE TABLE saved_views (
    id TEXT PRIMARY KEY,
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    name TEXT NOT NULL,
    filter TEXT NOT NULL,
    -- with everybody who sees the job
    shared BOOLEAN NOT NULL,
    UNIQUE (opening_id, staff_id, name)
);

-- what somebody did with one or many applications at once, as long as it can be told
CREATE TABLE bulk_acts (
    id TEXT PRIMARY KEY,
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    kind TEXT NOT NULL CHECK (kind IN ('move', 'assign', 'archive', 'mail')),
    -- where to: the name of a stage or of a person
    target TEXT NOT NULL,
    done_at BIGINT NOT NULL,
    undone_at BIGINT,
    -- sent twice, it is done once
    form_token TEXT NOT NULL UNIQUE
);

CREATE INDEX bulk_acts_opening ON bulk_acts (opening_id, id);

CREATE TABLE bulk_act_items (
    act_id TEXT NOT NULL REFERENCES bulk_acts (id) ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    -- how it was before
    stage_id TEXT,
    stage_since BIGINT,
    owner_id TEXT,
    -- of the application, afterwards: whoever undoes it puts nothing back that was touched since
    moves BIGINT NOT NULL,
    -- waits for the time in which it can be taken back
    mail_id TEXT,
    PRIMARY KEY (act_id, application_id)
);

CREATE INDEX bulk_act_items_application ON bulk_act_items (application_id);
