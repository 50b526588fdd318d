-- Who reads résumés without names, where a job asks for that: those who see it through its team, each of whom may be called
-- on to read; and of those who see every job, whoever has begun to read for it. The others write to the candidates.
CREATE VIEW blind_readers AS
SELECT settings.opening_id, staff.id AS staff_id
FROM screening_settings AS settings CROSS JOIN staff
WHERE settings.anonymised AND (staff.role NOT IN ('administrator', 'recruiter')
    OR EXISTS (SELECT 1 FROM screenings WHERE screenings.staff_id = staff.id AND screenings.opening_id = settings.opening_id));

-- Whose names are withheld, and from whom: of what stands where résumés are read, until enough people have read it.
-- The one place of this rule. A migration that rebuilds one of these tables drops the views first, and makes them again.
CREATE VIEW withheld_names AS
SELECT applications.id AS application_id, blind_readers.staff_id
FROM applications
    JOIN opening_stages AS stages ON stages.id = applications.stage_id
    JOIN blind_readers ON blind_readers.opening_id = applications.opening_id
WHERE applications.state = 'active' AND applications.merged_into IS NULL AND applications.screened_at IS NULL
    AND stages.kind IN ('application', 'resume_screen');

-- Which coding tests somebody may not read, and why: those that were given for an application that they may not read.
DROP VIEW hidden_assessments;
CREATE VIEW hidden_assessments AS
SELECT * FROM (
    SELECT given.assessment_id, assessments.submission_id, staff.id AS staff_id,
        CASE
            WHEN staff.role NOT IN ('administrator', 'recruiter') AND NOT EXISTS (SELECT 1 FROM opening_team AS team
                WHERE team.opening_id = applications.opening_id AND team.staff_id = staff.id) THEN 'team'
            -- counted, so that it is looked up by its key, and never for all of them at once
            WHEN (SELECT count(*) FROM withheld_names AS names
                WHERE names.application_id = given.application_id AND names.staff_id = staff.id) > 0 THEN 'names'
        END AS why
    FROM application_assessments AS given
        JOIN assessments ON assessments.id = given.assessment_id
        JOIN applications ON applications.id = given.application_id
        CROSS JOIN staff
) AS judged
WHERE why IS NOT NULL;
