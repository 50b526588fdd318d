-- a job; “jobs” is the queue of background work
CREATE TABLE openings (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    -- its public address
    slug TEXT NOT NULL UNIQUE,
    kit_id TEXT NOT NULL,
    kit_version BIGINT NOT NULL,
    level TEXT NOT NULL,
    place TEXT NOT NULL,
    -- two letters of ISO 3166; empty where it is remote and anywhere
    country TEXT NOT NULL,
    presence TEXT NOT NULL CHECK (presence IN ('on_site', 'hybrid', 'remote')),
    kind TEXT NOT NULL CHECK (kind IN ('full_time', 'part_time', 'contract', 'temporary', 'internship')),
    salary_from BIGINT,
    salary_to BIGINT,
    currency TEXT NOT NULL,
    salary_per TEXT NOT NULL CHECK (salary_per IN ('year', 'month', 'hour')),
    -- Markdown
    about TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'closed')),
    -- applications are taken until then
    closes_at BIGINT,
    -- how long the mail waits that tells of a knock-out
    decline_after_hours BIGINT NOT NULL,
    -- how long applications are kept
    keep_months BIGINT NOT NULL,
    video_days BIGINT NOT NULL,
    video_takes BIGINT NOT NULL,
    created_by TEXT NOT NULL REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    published_at BIGINT,
    closed_at BIGINT,
    -- counts the changes, so that nobody overwrites what they have not seen
    revision BIGINT NOT NULL,
    form_token TEXT UNIQUE,
    FOREIGN KEY (kit_id, kit_version) REFERENCES kit_versions (kit_id, number)
);

CREATE INDEX openings_state ON openings (state, published_at);
CREATE INDEX openings_kit ON openings (kit_id);

CREATE TABLE opening_stages (
    id TEXT PRIMARY KEY,
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('application', 'resume_screen', 'coding_test', 'interview', 'decision', 'offer')),
    -- how long it should take
    target_days BIGINT NOT NULL
);

CREATE INDEX opening_stages_opening ON opening_stages (opening_id, position);

CREATE TABLE opening_team (
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    PRIMARY KEY (opening_id, staff_id)
);

CREATE INDEX opening_team_staff ON opening_team (staff_id);

CREATE TABLE applications (
    id TEXT PRIMARY KEY,
    opening_id TEXT NOT NULL REFERENCES openings (id),
    -- the version that the candidate answered
    kit_version BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'active', 'declined', 'rejected', 'withdrawn')),
    -- absent while it is a draft
    stage_id TEXT REFERENCES opening_stages (id),
    stage_since BIGINT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- its digits
    phone_key TEXT NOT NULL,
    -- name and address without case and accents, for searching
    person_key TEXT NOT NULL,
    source TEXT NOT NULL,
    source_detail TEXT NOT NULL,
    -- the secret part of the candidate's address
    link TEXT NOT NULL UNIQUE,
    consented_at BIGINT,
    keep_until BIGINT,
    started_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    submitted_at BIGINT,
    -- what the knock-outs decided when it was sent, and why
    outcome TEXT CHECK (outcome IN ('qualifies', 'declines', 'review')),
    outcome_reason TEXT,
    reversed_by TEXT REFERENCES staff (id),
    reversed_at BIGINT,
    reversed_why TEXT,
    ended_at BIGINT,
    -- why it was rejected or withdrawn
    ended_why TEXT,
    erasure_asked_at BIGINT,
    form_token TEXT UNIQUE,
    -- counts the changes of its draft
    revision BIGINT NOT NULL
);

CREATE INDEX applications_opening ON applications (opening_id, state, id);
CREATE INDEX applications_stage ON applications (stage_id, id);
CREATE INDEX applications_email ON applications (email_key);
CREATE INDEX applications_phone ON applications (phone_key);

-- each question as it was asked
CREATE TABLE application_answers (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    -- what the answer decided, once the application was sent
    decision TEXT CHECK (decision IN ('qualifies', 'declines', 'review')),
    PRIMARY KEY (application_id, position)
);

CREATE TABLE application_files (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    part TEXT NOT NULL CHECK (part IN ('resume', 'cover_letter')),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    put_at BIGINT NOT NULL,
    -- NULL until it was read; then 'read', or why it could not be
    reading TEXT,
    text TEXT,
    -- the text without case and accents, for searching
    text_key TEXT
);

CREATE INDEX application_files_application ON application_files (application_id, part);
CREATE INDEX application_files_sha256 ON application_files (sha256);

-- an answer to a video question: recorded, or written
CREATE TABLE application_takes (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    -- which of the kit's video questions, from 0
    question BIGINT NOT NULL,
    -- from 1
    number BIGINT NOT NULL,
    form TEXT NOT NULL CHECK (form IN ('video', 'audio', 'written')),
    -- of the recording; absent until its first part has come
    kind TEXT,
    -- how many parts were received without a gap, and their bytes
    parts BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    seconds BIGINT,
    -- of a written answer
    words TEXT,
    began_at BIGINT NOT NULL,
    submitted_at BIGINT,
    -- thrown away: its bytes are deleted, and it stays counted
    removed_at BIGINT,
    form_token TEXT UNIQUE,
    UNIQUE (application_id, question, number)
);

CREATE TABLE take_notes (
    id TEXT PRIMARY KEY,
    take_id TEXT NOT NULL REFERENCES application_takes (id) ON DELETE CASCADE,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    at_second BIGINT,
    -- of the kit; empty where it is tied to none
    indicator TEXT NOT NULL,
    words TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    form_token TEXT UNIQUE
);

CREATE INDEX take_notes_take ON take_notes (take_id, id);

-- who did what when
CREATE TABLE application_events (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    -- absent where the candidate did it
    staff_id TEXT REFERENCES staff (id),
    what TEXT NOT NULL,
    detail TEXT NOT NULL
);

CREATE INDEX application_events_application ON application_events (application_id, id);

-- a coding test that was given for an application
CREATE TABLE application_assessments (
    assessment_id TEXT PRIMARY KEY REFERENCES assessments (id),
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE
);

CREATE INDEX application_assessments_application ON application_assessments (application_id);
