create or replace function automation_private.finish_instances(
    p_ends automation_private.ending[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_cancelled automation_private.ending[] := array(
        select e from unnest(p_ends) as e where not e.all_tokens_ended
    );
    v_ended automation_private.ending[];
    v_tokens automation_private.token[] := '{}'::automation_private.token[];
begin
    if 'failed' = any (array(select e.status from unnest(p_ends) as e)) then
        v_tokens := automation_private.begin_rollbacks(array(
            select (
                e.org_id, e.instance_id, e.root_id, e.instance_id, 'failed', null, e.error, null,
                e.reason
            )::automation_private.outcome
            from unnest(p_ends) as e
            where e.status = 'failed'
        ));
        p_ends := array(
            select e from unnest(p_ends) as e
            where e.instance_id not in (select t.instance_id from unnest(v_tokens) as t)
        );
        v_cancelled := array(select e from unnest(p_ends) as e where not e.all_tokens_ended);
    end if;
    if cardinality(v_cancelled) > 0 then
        perform automation_private.cancel_open_steps(v_cancelled);
    end if;

    v_ended := automation_private.record_endings(p_ends);
    perform automation_private.drop_instance_timers(p_ends);
    return v_tokens || automation_private.leave_instances(v_ended);
end;
$$;

comment on function automation_private.finish_instances(automation_private.ending[]) is
    'Ends instances: cancels what is still open, records result, history and use. An instance '
    'that has already ended is left as it is. Returns the tokens of parents that go on.';
