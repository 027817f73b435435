create or replace function automation_private.find_bucket(
    p_org_id uuid,
    p_workflow_id uuid,
    p_step_key text,
    p_subject text
)
returns int
language sql
immutable
return (
    'x' || encode(substr(sha256(convert_to(
        jsonb_build_array(p_org_id, p_workflow_id, p_step_key, p_subject)::text, 'UTF8'
    )), 1, 4), 'hex')
)::bit(32)::bigint % 10000;

comment on function automation_private.find_bucket(uuid, uuid, text, text) is
    'In which of 10,000 buckets a subject is at a split: always the same, whatever version runs.';
