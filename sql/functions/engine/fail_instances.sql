create or replace function automation_private.fail_instances(
    p_failed automation_private.outcome[]
)
returns automation_private.token[]
language sql
volatile
return automation_private.finish_instances(array(
    select (
        f.org_id, f.instance_id, f.root_id, 'failed', f.error ->> 'code', f.error, false
    )::automation_private.ending
    from unnest(p_failed) as f
));

comment on function automation_private.fail_instances(automation_private.outcome[]) is
    'Ends instances whose steps have failed for good.';
