-- a role kit: what has been published, and the draft of what comes next
CREATE TABLE kits (
    id TEXT PRIMARY KEY,
    -- of the draft, else of the last version
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    -- the shipped kit that it began as
    shipped TEXT UNIQUE,
    created_by TEXT REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    -- the number of the last version; 0 before the first
    published BIGINT NOT NULL,
    -- absent while there is nothing new
    draft TEXT,
    -- counts the changes of all drafts
    revision BIGINT NOT NULL,
    changed_by TEXT REFERENCES staff (id),
    changed_at BIGINT NOT NULL,
    -- from the form: sending it twice makes one kit
    form_token TEXT UNIQUE
);

CREATE INDEX kits_title ON kits (title_key, id);

-- never changed, never removed: what depends on a kit names the version
CREATE TABLE kit_versions (
    kit_id TEXT NOT NULL REFERENCES kits (id),
    number BIGINT NOT NULL,
    document TEXT NOT NULL,
    -- what is new, in a sentence
    note TEXT NOT NULL,
    published_by TEXT REFERENCES staff (id),
    published_at BIGINT NOT NULL,
    PRIMARY KEY (kit_id, number)
);

-- the draft as it was before each change, so that a change can be taken back
CREATE TABLE kit_changes (
    kit_id TEXT NOT NULL REFERENCES kits (id),
    -- that the change made
    revision BIGINT NOT NULL,
    what TEXT NOT NULL,
    before TEXT NOT NULL,
    changed_by TEXT NOT NULL REFERENCES staff (id),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (kit_id, revision)
);

CREATE TABLE banks (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    about TEXT NOT NULL,
    -- a list of texts
    advice TEXT NOT NULL,
    -- whether anybody may practise on it
    open BOOLEAN NOT NULL,
    -- the shipped bank that it began as
    shipped TEXT UNIQUE,
    created_by TEXT REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    form_token TEXT UNIQUE,
    -- a removed bank keeps its row, so that neither its form nor the next start brings it back
    removed_at BIGINT
);

CREATE INDEX banks_title ON banks (title_key, id);

CREATE TABLE bank_questions (
    id TEXT PRIMARY KEY,
    bank_id TEXT NOT NULL REFERENCES banks (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    question TEXT NOT NULL,
    topic TEXT NOT NULL,
    topic_key TEXT NOT NULL,
    difficulty TEXT NOT NULL,
    difficulty_key TEXT NOT NULL,
    asked_for TEXT NOT NULL,
    answer TEXT NOT NULL,
    -- lists of texts
    follow_ups TEXT NOT NULL,
    positive TEXT NOT NULL,
    negative TEXT NOT NULL,
    -- everything above, for searching
    search_key TEXT NOT NULL,
    -- counts the changes, so that nobody overwrites what they have not seen
    revision BIGINT NOT NULL,
    form_token TEXT UNIQUE,
    UNIQUE (bank_id, position)
);

-- the lines of an imported page that were not understood: a person assigns or drops each
CREATE TABLE bank_leftovers (
    bank_id TEXT NOT NULL REFERENCES banks (id) ON DELETE CASCADE,
    line BIGINT NOT NULL,
    text TEXT NOT NULL,
    -- the understood lines around it, to see where it stood
    before_it TEXT NOT NULL,
    after_it TEXT NOT NULL,
    PRIMARY KEY (bank_id, line)
);

-- a better answer, proposed by anyone of the staff
CREATE TABLE bank_proposals (
    id TEXT PRIMARY KEY,
    question_id TEXT NOT NULL REFERENCES bank_questions (id) ON DELETE CASCADE,
    answer TEXT NOT NULL,
    why TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES staff (id),
    proposed_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'taken', 'declined')),
    decided_by TEXT REFERENCES staff (id),
    decided_at BIGINT,
    -- the answer whose place it took
    replaced TEXT,
    form_token TEXT UNIQUE
);

CREATE INDEX bank_proposals_question ON bank_proposals (question_id, id);
