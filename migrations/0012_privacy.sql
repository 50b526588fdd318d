-- what was erased: enough to show that it was done, nothing of whom
CREATE TABLE erasures (
    id TEXT PRIMARY KEY,
    -- the id that it had; nothing else has it any more
    application_id TEXT NOT NULL UNIQUE,
    opening_id TEXT NOT NULL REFERENCES openings (id),
    -- a hash of the secret link, so that whoever has the link reads what became of it
    link_hash TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('request', 'period', 'decision')),
    -- absent where the period had ended
    begun_by TEXT REFERENCES staff (id),
    begun_at BIGINT NOT NULL,
    -- when the candidate had asked for it
    asked_at BIGINT,
    -- absent while it is under way
    erased_at BIGINT,
    -- how many rows of which table, as JSON
    counts TEXT
);

CREATE INDEX erasures_link ON erasures (link_hash);

-- an import that was confirmed; the people are applications
CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    opening_id TEXT NOT NULL REFERENCES openings (id),
    -- from the form: confirming twice imports once
    form_token TEXT NOT NULL UNIQUE,
    imported_by TEXT NOT NULL REFERENCES staff (id),
    imported_at BIGINT NOT NULL,
    rows_imported BIGINT NOT NULL,
    rows_left_out BIGINT NOT NULL
);

CREATE INDEX applications_kept ON applications (opening_id, keep_until, id);
CREATE INDEX mails_links ON mails (recipient) WHERE event = 'application_links';
CREATE INDEX audit_log_actor ON audit_log (actor, seq);
