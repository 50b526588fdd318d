-- what colleagues put with an application; the candidate's own documents are in application_files
CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    put_by TEXT NOT NULL REFERENCES staff (id),
    put_at BIGINT NOT NULL,
    form_token TEXT NOT NULL UNIQUE
);

CREATE INDEX attachments_application ON attachments (application_id, id);
