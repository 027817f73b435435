create or replace function automation_private.fail_poisoned(
    p_org_id uuid,
    p_root_id uuid,
    p_instance_ids uuid[],
    p_sqlstate text,
    p_message text
)
returns void
language sql
volatile
return automation_private.postpone_tokens(automation_private.finish_instances(array(
    select (
        p_org_id, i.instance_id, p_root_id, 'failed', 'engine_error',
        automation_private.error_object('engine_error', 'error', p_message)
        || jsonb_build_object('sqlstate', p_sqlstate),
        false
    )::automation_private.ending
    from (select distinct u.instance_id from unnest(p_instance_ids) as u (instance_id)) as i
)));

comment on function automation_private.fail_poisoned(uuid, uuid, uuid[], text, text) is
    'Fails instances that cannot be moved on without raising, with what they raised.';
