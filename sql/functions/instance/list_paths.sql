create or replace function automation_private.list_paths(
    p_org_id uuid,
    p_definition_id uuid
)
returns table (step_order int, path jsonb)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_paths jsonb := jsonb_build_object('1', jsonb_build_array());
    v_new jsonb := v_paths;
begin
    while v_new is not null loop
        select jsonb_object_agg(x.step_order, x.path) into v_new
        from (
            select distinct on (m.step_order) m.step_order, m.path
            from jsonb_each(v_new) as n
            inner join automation.workflow_definition_steps as d
                on d.org_id = p_org_id
                    and d.definition_id = p_definition_id
                    and d.step_order = n.key::int
            cross join lateral automation_private.step_moves(d, n.value) as m
            where not v_paths ? m.step_order::text
            order by m.step_order, jsonb_array_length(m.path)
        ) as x;
        v_paths := v_paths || coalesce(v_new, '{}');
    end loop;
    return query select p.key::int, p.value from jsonb_each(v_paths) as p;
end;
$$;

comment on function automation_private.list_paths(uuid, uuid) is
    'What each step of a definition is inside of: the ids of splits, loops and scopes, the '
    'outermost first. Hidden steps are left out.';
