create or replace function automation_private.cancel_within(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_step_ids uuid[],
    p_keeps boolean default false
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_ids uuid[];
    v_instance_ids uuid[];
    v_step_ids uuid[];
    v_types text[];
begin
    with recursive inside as (
        select o.org_id, o.instance_id, o.step_id, o.step_type
        from unnest(p_org_ids, p_instance_ids, p_step_ids) as c (org_id, instance_id, step_id)
        cross join lateral automation_private.open_inside(c.org_id, c.instance_id, c.step_id) as o
        union all
        select o.org_id, o.instance_id, o.step_id, o.step_type
        from inside as c
        cross join lateral automation_private.open_inside(c.org_id, c.instance_id, c.step_id) as o
        where c.step_type in ('split', 'loop', 'iteration', 'scope')
    )

    select
        array_agg(i.org_id), array_agg(i.instance_id), array_agg(i.step_id),
        array_agg(i.step_type)
    into v_org_ids, v_instance_ids, v_step_ids, v_types
    from inside as i;
    perform automation_private.drop_held_tokens(
        p_org_ids || v_org_ids, p_instance_ids || v_instance_ids, p_step_ids || v_step_ids, p_keeps
    );
    -- children of a workflow step are no activations of its instance
    perform automation_private.cancel_children(p_org_ids, p_instance_ids, p_step_ids);
    if v_step_ids is null then
        return '{}'::automation_private.token[];
    end if;
    perform automation_private.cancel_steps(array(
        select s
        from unnest(v_org_ids, v_instance_ids, v_step_ids) as u (org_id, instance_id, step_id)
        inner join automation.workflow_steps as s
            on s.org_id = u.org_id and s.instance_id = u.instance_id and s.step_id = u.step_id
    ));
    if not p_keeps and 'scope' = any (v_types) then
        perform automation_private.abandon_rollbacks(v_org_ids, v_instance_ids, v_step_ids);
    end if;
    perform automation_private.drop_timers(v_org_ids, v_instance_ids, v_step_ids);
    if 'loop' = any (v_types) and not p_keeps then
        perform automation_private.forget_steps(
            v_org_ids, v_instance_ids, v_step_ids, '{loop}'
        );
    end if;
    return automation_private.release_mutexes(v_org_ids, v_instance_ids, v_step_ids);
end;
$$;

comment on function automation_private.cancel_within(uuid[], uuid[], uuid[], boolean) is
    'Cancels everything open inside of these activations (not themselves); returns the tokens that '
    'enter because a mutex is free. p_keeps: of what has failed for good, so that it may be opened '
    'again where it stood.';
