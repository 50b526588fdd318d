-- Which coding tests somebody may not read, and why: those that were given for an application that they may not read.
-- What src/hiring/access.rs says, for lists. A migration that rebuilds one of these tables drops this first, and makes it again.
CREATE VIEW hidden_assessments AS
SELECT * FROM (
    SELECT given.assessment_id, assessments.submission_id, staff.id AS staff_id,
        CASE
            WHEN NOT EXISTS (SELECT 1 FROM opening_team AS team
                WHERE team.opening_id = applications.opening_id AND team.staff_id = staff.id) THEN 'team'
            WHEN staff.role = 'interviewer' AND applications.state = 'active' AND applications.merged_into IS NULL
                AND EXISTS (SELECT 1 FROM screening_settings AS settings
                    WHERE settings.opening_id = applications.opening_id AND settings.anonymised)
                AND EXISTS (SELECT 1 FROM opening_stages AS stages
                    WHERE stages.id = applications.stage_id AND stages.kind IN ('application', 'resume_screen'))
                AND NOT EXISTS (SELECT 1 FROM screening_results AS results
                    WHERE results.application_id = applications.id) THEN 'names'
        END AS why
    FROM application_assessments AS given
        JOIN assessments ON assessments.id = given.assessment_id
        JOIN applications ON applications.id = given.application_id
        JOIN staff ON staff.role NOT IN ('administrator', 'recruiter')
) AS judged
WHERE why IS NOT NULL;
