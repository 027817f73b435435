create or replace function automation_private.note_cache_keys(
    p_visits automation_private.visit[]
)
returns void
language sql
volatile
begin atomic
    update automation.workflow_steps as s
    set cache_key = automation_private.hash_cache_key(v.action, v.value #> '{cache,key}')
    from unnest(p_visits) as v
    where v.runs in ('external', 'native')
        and v.error is null
        and v.value ? 'cache'
        and s.org_id = v.org_id
        and s.instance_id = v.instance_id
        and s.step_id = v.step_id;
end;

comment on function automation_private.note_cache_keys(automation_private.visit[]) is
    'Notes under what the results of actions just entered are to be kept.';
