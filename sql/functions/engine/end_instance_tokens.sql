create or replace function automation_private.end_instance_tokens(
    p_gone automation_private.token[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ends automation_private.ending[];
begin
    with gone as materialized (
        select t.org_id, t.instance_id, t.root_id, count(*)::int as tokens
        from unnest(p_gone) as t
        where t.scope_id = t.instance_id
        group by t.org_id, t.instance_id, t.root_id
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
    if v_ends is not null then
        perform automation_private.finish_instances(v_ends);
    end if;
end;
$$;

comment on function automation_private.end_instance_tokens(automation_private.token[]) is
    'Takes ended tokens out of their instances; an instance that loses its last one completes.';
