create or replace function automation_private.end_instance_tokens(
    p_leaving automation_private.leaving[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ends automation_private.ending[];
    v_rollbacks automation_private.outcome[];
begin
    with gone as materialized (
        select g.*
        from unnest(p_leaving) as g
        where g.scope_id = g.instance_id
            and automation_private.is_rolling_back(
                g.org_id, g.instance_id, g.instance_id
            ) = coalesce(g.is_undo, false)
    ),

    still_live as (
        update automation.workflow_instances as i
        set live = i.live - g.tokens
        from gone as g
        where i.org_id = g.org_id and i.instance_id = g.instance_id and i.live > g.tokens
        returning i.org_id, i.instance_id
    )

    select array_agg((
        g.org_id, g.instance_id, g.root_id, 'completed', null, null, true
    )::automation_private.ending)
    into v_ends
    from gone as g
    where not exists (
        select from still_live as l where l.org_id = g.org_id and l.instance_id = g.instance_id
    );
    if v_ends is null then
        return '{}'::automation_private.token[];
    end if;
    v_rollbacks := array(
        select (
            e.org_id, e.instance_id, e.root_id, e.instance_id, null, null, null, null, null
        )::automation_private.outcome
        from unnest(v_ends) as e
        inner join automation_private.rollbacks as r
            on r.org_id = e.org_id
                and r.instance_id = e.instance_id
                and r.boundary_id = e.instance_id
    );
    if cardinality(v_rollbacks) = 0 then
        return automation_private.finish_instances(v_ends);
    end if;
    return automation_private.continue_rollbacks(v_rollbacks)
        || automation_private.finish_instances(array(
            select e from unnest(v_ends) as e
            where e.instance_id not in (select r.instance_id from unnest(v_rollbacks) as r)
        ));
end;
$$;

comment on function automation_private.end_instance_tokens(automation_private.leaving[]) is
    'Takes ended tokens out of their instances; an instance that loses its last one completes. '
    'Returns the tokens of parents that go on.';
