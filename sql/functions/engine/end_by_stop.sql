create or replace function automation_private.end_by_stop(p_visits automation_private.visit[])
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_inner automation_private.visit[] := array(
        select v from unnest(p_visits) as v
        where v.value ->> 'scope' in ('branch', 'iteration', 'loop')
    );
    v_tokens automation_private.token[];
begin
    v_tokens := automation_private.finish_instances(array(
        select distinct on (v.org_id, v.instance_id) (
            v.org_id, v.instance_id, v.root_id,
            coalesce(v.value ->> 'status', 'completed'),
            coalesce(v.value ->> 'reason', v.value ->> 'code'),
            automation_private.stop_error(v),
            false
        )::automation_private.ending
        from unnest(p_visits) as v
        where coalesce(v.value ->> 'scope', 'instance') = 'instance'
        order by v.org_id, v.instance_id, v.step_id
    ));
    if cardinality(v_inner) > 0 then
        v_tokens := v_tokens || automation_private.stop_bodies(v_inner);
    end if;
    return v_tokens;
end;
$$;

comment on function automation_private.end_by_stop(automation_private.visit[]) is
    'Ends what tokens that reached a stop step say: their instances (the first one decides), '
    'loops, turns of loops, or only themselves.';
