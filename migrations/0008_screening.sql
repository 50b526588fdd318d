-- how résumés are read for a job; a job without a row has the usual settings
CREATE TABLE screening_settings (
    opening_id TEXT PRIMARY KEY REFERENCES openings (id) ON DELETE CASCADE,
    -- how many people read each
    readers BIGINT NOT NULL CHECK (readers BETWEEN 1 AND 3),
    anonymised BOOLEAN NOT NULL,
    -- in hundredths of a point: from this mean on it is proposed to advance, below that one to archive
    advance_from BIGINT NOT NULL,
    archive_below BIGINT NOT NULL,
    CHECK (archive_below <= advance_from)
);

-- what one reader finds in one résumé: a draft until it is submitted
CREATE TABLE screenings (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    opening_id TEXT NOT NULL REFERENCES openings (id),
    staff_id TEXT NOT NULL REFERENCES staff (id),
    begun_at BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    submitted_at BIGINT,
    withdrawn_at BIGINT,
    withdrawn_why TEXT,
    -- counts the changes of the draft
    revision BIGINT NOT NULL
);

-- a reader reads a résumé once, unless they take back what they submitted
CREATE UNIQUE INDEX screenings_reader ON screenings (application_id, staff_id) WHERE withdrawn_at IS NULL;
CREATE INDEX screenings_staff ON screenings (staff_id, opening_id, saved_at);
CREATE INDEX screenings_opening ON screenings (opening_id, submitted_at);

CREATE TABLE screening_marks (
    screening_id TEXT NOT NULL REFERENCES screenings (id) ON DELETE CASCADE,
    -- of the criterion in the version of the kit that the application answered
    position BIGINT NOT NULL,
    score BIGINT CHECK (score BETWEEN 0 AND 3),
    -- a quote from the résumé, or a reason
    words TEXT NOT NULL,
    PRIMARY KEY (screening_id, position)
);

-- what the readers came to, once enough of them have submitted
CREATE TABLE screening_results (
    application_id TEXT PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
    opening_id TEXT NOT NULL REFERENCES openings (id),
    readers BIGINT NOT NULL,
    -- in hundredths of a point
    mean BIGINT NOT NULL,
    -- pairs of scores for the same criterion, and how many of them lie within one step
    pairs BIGINT NOT NULL,
    near BIGINT NOT NULL,
    -- criteria about which the readers disagree
    disagreements BIGINT NOT NULL,
    proposal TEXT NOT NULL CHECK (proposal IN ('advance', 'discuss', 'archive')),
    made_at BIGINT NOT NULL
);

CREATE INDEX screening_results_opening ON screening_results (opening_id, made_at);
CREATE INDEX screening_results_disagreed ON screening_results (made_at, application_id) WHERE disagreements > 0;

-- how often two readers gave these two scores to one criterion, the lower first
CREATE TABLE screening_pairs (
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    lower BIGINT NOT NULL,
    higher BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (opening_id, lower, higher)
);

-- the result again, where lists find it by their index
ALTER TABLE applications ADD COLUMN screened_at BIGINT;
ALTER TABLE applications ADD COLUMN proposal TEXT;

CREATE INDEX applications_unscreened ON applications (stage_id, state, stage_since, id)
    WHERE state = 'active' AND merged_into IS NULL AND screened_at IS NULL;
CREATE INDEX applications_screened ON applications (stage_id, proposal, screened_at, id)
    WHERE state = 'active' AND merged_into IS NULL AND screened_at IS NOT NULL;

-- a decision on one or several applications that can be taken back for a while
CREATE TABLE screening_acts (
    id TEXT PRIMARY KEY,
    opening_id TEXT NOT NULL REFERENCES openings (id) ON DELETE CASCADE,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    what TEXT NOT NULL CHECK (what IN ('advance', 'archive')),
    -- where they went; absent where they ended
    stage_id TEXT,
    why TEXT NOT NULL,
    mailed BOOLEAN NOT NULL,
    made_at BIGINT NOT NULL,
    undo_until BIGINT NOT NULL,
    undone_at BIGINT,
    undone_by TEXT REFERENCES staff (id),
    form_token TEXT NOT NULL UNIQUE
);

CREATE INDEX screening_acts_opening ON screening_acts (opening_id, made_at);

CREATE TABLE screening_act_items (
    act_id TEXT NOT NULL REFERENCES screening_acts (id) ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    -- where it was before, and since when
    stage_id TEXT NOT NULL,
    stage_since BIGINT,
    -- how often its place had changed when the act was done; absent where nothing was done
    moves BIGINT,
    -- why nothing was done
    refused TEXT,
    mail_id TEXT,
    -- what taking it back came to: 'back', or why not
    undone TEXT,
    PRIMARY KEY (act_id, application_id)
);

CREATE INDEX screening_act_items_application ON screening_act_items (application_id);
