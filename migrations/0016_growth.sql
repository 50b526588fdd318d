-- what is under way and stands for itself, in indices of its own: counts and the first lines of lists read nothing else
DROP INDEX applications_place;
CREATE INDEX applications_place ON applications (stage_id, stage_since, id) WHERE state = 'active' AND merged_into IS NULL;
DROP INDEX applications_longest;
CREATE INDEX applications_longest ON applications (opening_id, stage_since, id) WHERE state = 'active' AND merged_into IS NULL;
DROP INDEX applications_unowned;
CREATE INDEX applications_unowned ON applications (opening_id, state, id) WHERE owner_id IS NULL AND merged_into IS NULL;

-- an earlier application for the same job is found by the address
DROP INDEX applications_email;
CREATE INDEX applications_email ON applications (email_key, opening_id, id);

-- coding tests by how they stand
CREATE INDEX assessments_withdrawn ON assessments (id) WHERE withdrawn_at IS NOT NULL;
CREATE INDEX assessments_submitted ON assessments (id) WHERE withdrawn_at IS NULL AND submitted_at IS NOT NULL;
CREATE INDEX assessments_started ON assessments (id) WHERE withdrawn_at IS NULL AND submitted_at IS NULL AND started_at IS NOT NULL;
CREATE INDEX assessments_waiting ON assessments (deadline, opened_at, id)
    WHERE withdrawn_at IS NULL AND submitted_at IS NULL AND started_at IS NULL;

-- what was taken back is read of one application, too
CREATE INDEX screenings_application ON screenings (application_id, id);

-- reports count the visits of a job without leaving the index
DROP INDEX stage_visits_stage;
CREATE INDEX stage_visits_opening ON stage_visits (opening_id, application_id, number, stage_id, entered_at, left_at);
