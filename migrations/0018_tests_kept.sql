-- who played which recording on which day: the audit log tells it once
CREATE TABLE take_plays (
    take_id TEXT NOT NULL REFERENCES application_takes (id) ON DELETE CASCADE,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    day TEXT NOT NULL,
    PRIMARY KEY (take_id, staff_id, day)
);

-- what was erased of coding tests that were given without an application
CREATE TABLE test_erasures (
    id TEXT PRIMARY KEY,
    -- the id that it had; nothing else has it any more
    assessment_id TEXT NOT NULL UNIQUE,
    cause TEXT NOT NULL CHECK (cause IN ('request', 'period', 'decision')),
    -- absent where the period had ended
    begun_by TEXT REFERENCES staff (id),
    begun_at BIGINT NOT NULL,
    -- absent while it is under way
    erased_at BIGINT,
    -- how many rows of which table, as JSON
    counts TEXT
);

CREATE VIEW certificates AS
SELECT id, 'application' AS kind, application_id AS subject_id, opening_id, cause, begun_by, begun_at, asked_at, erased_at, counts
FROM erasures
UNION ALL
SELECT id, 'test', assessment_id, CAST(NULL AS TEXT), cause, begun_by, begun_at, CAST(NULL AS BIGINT), erased_at, counts
FROM test_erasures;

CREATE INDEX assessments_invited ON assessments (invited_at, id);
