create or replace function automation_private.pass_mutexes(p_visits automation_private.visit[])
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_done automation_private.visit[] := array(
        select v from unnest(p_visits) as v
        where v.mutex is not null
            and v.runs in ('condition', 'set', 'stop', 'merge')
            and v.error is null
    );
begin
    if cardinality(v_done) = 0 then
        return '{}'::automation_private.token[];
    end if;
    return automation_private.release_mutexes(
        array(select v.org_id from unnest(v_done) as v),
        array(select v.instance_id from unnest(v_done) as v),
        array(select v.step_id from unnest(v_done) as v)
    );
end;
$$;

comment on function automation_private.pass_mutexes(automation_private.visit[]) is
    'Frees the mutexes of steps that are done on entry.';
