-- codes from an app on a second device
CREATE TABLE second_factors (
    staff_id TEXT PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    -- base32
    secret TEXT NOT NULL,
    -- absent until a code has shown that the app has the secret
    since BIGINT,
    -- the last step of 30 seconds whose code was taken: none is taken twice
    last_step BIGINT NOT NULL
);

-- each opens once, in the place of a code, and is gone then
CREATE TABLE recovery_codes (
    code_hash TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE
);

CREATE INDEX recovery_codes_staff ON recovery_codes (staff_id);

-- whose password was right, and whose code is still asked for
CREATE TABLE pending_sign_ins (
    token_hash TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    -- where the person wanted to go
    next TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX pending_sign_ins_staff ON pending_sign_ins (staff_id);

-- what names a session to the person whose it is: the token is a secret
ALTER TABLE sessions ADD COLUMN id TEXT;
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
-- of the last request
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
UPDATE sessions SET id = token_hash;
CREATE UNIQUE INDEX sessions_id ON sessions (id);
