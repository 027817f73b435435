create or replace function automation_private.context_limit(
    p_org_id uuid,
    p_instance_id uuid,
    p_root_id uuid
)
returns automation_private.ending
language sql
stable
return (
    p_org_id, p_instance_id, p_root_id, 'failed', 'too_large',
    automation_private.error_object(
        'too_large', 'invalid', 'variables or outputs kept at hand are larger than 256 KiB'
    ),
    false
)::automation_private.ending;

comment on function automation_private.context_limit(uuid, uuid, uuid) is
    'The end of an instance whose parallel steps together returned more than its context may hold.';
