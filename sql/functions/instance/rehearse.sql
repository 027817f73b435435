create or replace function automation_private.rehearse(
    p_org_id uuid,
    p_definition_id uuid,
    p_items jsonb,
    p_mocks jsonb
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_definition_id uuid := automation_private.copy_definition(p_org_id, p_definition_id);
    v_started record;
    v_outcomes automation_private.outcome[];
    v_timers automation_private.due_timer[];
begin
    select s.* into v_started
    from automation_private.start_instances(
        p_org_id, null, v_definition_id, p_items, 'manual'
    ) as s;
    if v_started.error is not null then
        return jsonb_build_object('status', 'refused', 'error', v_started.error);
    end if;
    loop
        v_outcomes := automation_private.mocked_outcomes(
            p_org_id, v_started.instance_id, p_mocks
        );
        if cardinality(v_outcomes) > 0 then
            perform automation_private.apply_outcomes(v_outcomes);
            continue;
        end if;
        v_timers := array(
            select (
                t.org_id, t.instance_id, t.root_id, t.step_id, t.kind, t.due_at, t.step_order,
                t.scope_id, t.iteration, t.attempt
            )::automation_private.due_timer
            from automation_private.timers as t
            where t.org_id = p_org_id
                and t.instance_id = v_started.instance_id
                and t.kind in ('delay', 'retry', 'continue')
            order by t.due_at, t.step_id
            limit 1
        );
        exit when cardinality(v_timers) = 0;
        delete from automation_private.timers as t
        using unnest(v_timers) as d
        where t.org_id = d.org_id
            and t.instance_id = d.instance_id
            and t.step_id = d.step_id
            and t.kind = d.kind
            and t.attempt = d.attempt;
        perform automation_private.run_timers(v_timers);
    end loop;
    return automation_private.describe_rehearsal(p_org_id, v_started.instance_id);
end;
$$;

comment on function automation_private.rehearse(uuid, uuid, jsonb, jsonb) is
    'Runs an instance of a copy of the definition to its end with mocked actions; the caller '
    'throws the transaction away.';
