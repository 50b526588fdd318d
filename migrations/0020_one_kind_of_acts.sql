-- What was decided on proposals of readers is an act like any other, with the same way back.
INSERT INTO bulk_acts (id, opening_id, staff_id, kind, target, done_at, undone_at, form_token)
SELECT acts.id, acts.opening_id, acts.staff_id, CASE acts.what WHEN 'advance' THEN 'move' ELSE 'archive' END,
    COALESCE(stages.name, ''), acts.made_at, acts.undone_at, acts.form_token
FROM screening_acts AS acts LEFT JOIN opening_stages AS stages ON stages.id = acts.stage_id
WHERE EXISTS (SELECT 1 FROM screening_act_items AS items WHERE items.act_id = acts.id AND items.moves IS NOT NULL);

INSERT INTO bulk_act_items (act_id, application_id, stage_id, stage_since, moves, mail_id)
SELECT act_id, application_id, stage_id, stage_since, moves, mail_id FROM screening_act_items WHERE moves IS NOT NULL;

DROP TABLE screening_act_items;
DROP TABLE screening_acts;
