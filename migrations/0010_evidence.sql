-- what colleagues say about an application; the candidate never sees it
CREATE TABLE comments (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- empty once it is removed
    words TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    changed_at BIGINT,
    removed_at BIGINT,
    form_token TEXT UNIQUE
);

CREATE INDEX comments_application ON comments (application_id, id);

-- who is named in a comment, and whether they have seen it
CREATE TABLE mentions (
    comment_id TEXT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    seen_at BIGINT,
    PRIMARY KEY (comment_id, staff_id)
);

CREATE INDEX mentions_staff ON mentions (staff_id, seen_at, comment_id);
CREATE INDEX mentions_application ON mentions (application_id, staff_id, seen_at);

CREATE TABLE application_tags (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    -- without case and accents
    tag_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (application_id, tag_key)
);

CREATE INDEX application_tags_key ON application_tags (tag_key, application_id);

-- the tags that a job has used, to suggest them
CREATE TABLE opening_tags (
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    tag_key TEXT NOT NULL,
    tag TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (opening_id, tag_key)
);

CREATE INDEX opening_tags_used ON opening_tags (opening_id, used_at);

CREATE TABLE to_dos (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    words TEXT NOT NULL,
    -- whose it is
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- the end of the day
    due_at BIGINT NOT NULL,
    made_by TEXT NOT NULL REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    done_by TEXT REFERENCES staff (id),
    done_at BIGINT,
    form_token TEXT UNIQUE
);

CREATE INDEX to_dos_application ON to_dos (application_id, id);
CREATE INDEX to_dos_staff ON to_dos (staff_id, done_at, due_at, id);

-- what is often written to candidates
CREATE TABLE letter_templates (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    -- absent where it is as it ships
    changed_by TEXT REFERENCES staff (id),
    changed_at BIGINT,
    form_token TEXT UNIQUE
);

INSERT INTO letter_templates (id, name, name_key, subject, body) VALUES
    ('0198f000-0000-7000-8000-000000000001', 'A question about your application', 'a question about your application',
     'A question about your application for {{job}}',
     'Hello {{candidate}},

we are reading your application for "{{job}}", and one thing is not clear to us:

(Write your question here.)

A few sentences are enough. Please answer this mail; what you have sent us so far stays as it is, and your application does not wait for anything else:
{{link}}

Thank you
{{sender}}
{{company}}'),
    ('0198f000-0000-7000-8000-000000000002', 'An answer will take longer', 'an answer will take longer',
     'Your application for {{job}} takes us longer than we said',
     'Hello {{candidate}},

you were to hear from us by now about your application for "{{job}}", and we are not ready. The delay is ours: nothing is missing from you, and it says nothing about how we see your application.

We write to you again within a week, also if we have to say that it takes longer still. How it stands can be seen at any time:
{{link}}

If you have to decide on another offer before that, please tell me. I will see what we can do.

Kind regards
{{sender}}
{{company}}'),
    ('0198f000-0000-7000-8000-000000000003', 'Invitation to a first call', 'invitation to a first call',
     'A first call about {{job}}',
     'Hello {{candidate}},

thank you for what you have sent us. We would like to talk with you about "{{job}}": half an hour, by video or telephone, as you prefer.

We will ask what you have built and what you are looking for, and you can ask us anything about the work, the team and the pay. There is nothing to prepare.

Please answer with two or three times that suit you in the next days, and with anything that would make the call easier for you.

Your application is here:
{{link}}

I am looking forward to it
{{sender}}
{{company}}');

-- each form that sends a letter sends one
CREATE TABLE letters (
    form_token TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    written_at BIGINT NOT NULL
);

CREATE INDEX letters_application ON letters (application_id);
