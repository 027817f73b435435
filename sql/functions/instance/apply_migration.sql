create or replace function automation_private.apply_migration(
    p_instance automation.workflow_instances,
    p_definition_id uuid,
    p_steps automation_private.step_move[],
    p_places automation_private.place_move[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_gone uuid[] := array(
        select p.id from unnest(p_places) as p
        where p.kind = 'activation' and p.fate in ('moved', 'ended')
    );
    v_open automation.workflow_steps[] := array(
        select s
        from automation.workflow_steps as s
        where s.org_id = p_instance.org_id
            and s.instance_id = p_instance.instance_id
            and s.step_id = any (v_gone)
    );
    v_tokens automation_private.token[] := '{}'::automation_private.token[];
begin
    delete from automation_private.held_tokens as h
    where h.org_id = p_instance.org_id
        and h.instance_id = p_instance.instance_id
        and h.enters_id = any (v_gone);
    if p_instance.status = 'failed' then
        perform automation_private.hold_migrated(v_open);
    else
        v_tokens := automation_private.end_activations(p_instance, v_open, 'cancelled', null);
    end if;
    -- what ended goes on at the successor of its step
    v_tokens := array(
        select (
            t.org_id, t.instance_id, t.root_id,
            case
                when t.step_order > 0 then coalesce(w.to_order, w.next_order)
                else f.next_order
            end,
            t.scope_id, t.iteration_id, coalesce(f.to_order, 0), t.step_id
        )::automation_private.token
        from unnest(v_tokens) with ordinality as t
        left join unnest(p_steps) as f on f.from_order = t.from_order
        left join unnest(p_steps) as w on w.from_order = t.step_order
        order by t.ordinality
    );
    perform automation_private.rewrite_places(p_instance, p_steps);
    perform automation_private.rewrite_outputs(p_instance, p_definition_id, p_steps);
    update automation.workflow_instances as i
    set
        definition_id = p_definition_id,
        steps_total = d.steps_total,
        max_activations = coalesce((d.settings ->> 'max_activations')::int, 10000),
        updated_at = automation_private.clock()
    from automation.workflow_definitions as d
    where i.org_id = p_instance.org_id
        and i.instance_id = p_instance.instance_id
        and d.org_id = i.org_id
        and d.definition_id = p_definition_id;
    return v_tokens;
end;
$$;

comment on function automation_private.apply_migration(
    automation.workflow_instances, uuid, automation_private.step_move[],
    automation_private.place_move[]
) is
    'Puts an instance on another definition; returns the tokens of steps that are no more.';
