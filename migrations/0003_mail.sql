-- what a recruiter has put in place of a text that ships
CREATE TABLE mail_templates (
    event TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    changed_by TEXT NOT NULL REFERENCES staff (id),
    changed_at BIGINT NOT NULL
);

-- every mail there ever was, with its words as they went out
CREATE TABLE mails (
    id TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    recipient TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    -- recipient and subject, for searching
    mail_key TEXT NOT NULL,
    -- the assessment
    about TEXT,
    -- the failed mail that this one repeats; each is repeated once, however often the button is pressed
    copy_of TEXT UNIQUE REFERENCES mails (id),
    created_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'kept', 'failed')),
    -- when it came to this state
    since BIGINT NOT NULL,
    -- how often it was handed to a mail server, counted before each time
    attempts BIGINT NOT NULL,
    -- not to be tried before this
    next_at BIGINT NOT NULL,
    -- what the last attempt came to, where it was not sent
    failure TEXT,
    -- the same in every attempt
    message_id TEXT NOT NULL UNIQUE
);

CREATE INDEX mails_about ON mails (about, id);
CREATE INDEX mails_state ON mails (state, id);
