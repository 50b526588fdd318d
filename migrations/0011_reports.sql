-- for reports: what was sent for a job, by time
CREATE INDEX applications_sent ON applications (opening_id, submitted_at);

-- what a job asks its applicants about themselves: voluntary, and for sums alone
CREATE TABLE voluntary_questions (
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('gender', 'age', 'disability', 'own')),
    -- whether it is asked now; a row that is there was asked once
    asked BOOLEAN NOT NULL,
    -- of one's own question; empty for the others
    words TEXT NOT NULL,
    -- a list of texts
    choices TEXT NOT NULL,
    PRIMARY KEY (opening_id, kind)
);

-- kept apart from all that the staff reads; who prefers not to say has no row
CREATE TABLE voluntary_answers (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    -- a kind, or the words of one's own question
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    -- the Monday from which it counts: when it was given is not kept
    counts_from BIGINT NOT NULL,
    PRIMARY KEY (application_id, question)
);
