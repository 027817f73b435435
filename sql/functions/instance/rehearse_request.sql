create or replace function automation_private.rehearse_request(
    p_request automation_private.start_request,
    p_mocks jsonb
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_outcomes automation_private.outcome[];
    v_timers automation_private.due_timer[];
begin
    p_request.definition_id := automation_private.copy_definition(
        p_request.org_id, p_request.definition_id
    );
    -- a paused organisation may try out what it will do
    update automation.org_pauses as p
    set resumed_at = p.paused_at
    where p.org_id = p_request.org_id and p.resumed_at is null;
    perform automation_private.create_instances(array[p_request], 'manual');
    loop
        v_outcomes := automation_private.mocked_outcomes(
            p_request.org_id, p_request.instance_id, p_mocks
        );
        if cardinality(v_outcomes) > 0 then
            perform automation_private.apply_outcomes(v_outcomes);
            continue;
        end if;
        v_outcomes := automation_private.mocked_waits(
            p_request.org_id, p_request.instance_id, p_mocks
        );
        if cardinality(v_outcomes) > 0 then
            perform automation_private.advance(automation_private.settle_steps(v_outcomes));
            continue;
        end if;
        v_timers := array(
            select (
                t.org_id, t.instance_id, t.root_id, t.step_id, t.kind, t.due_at,
                (
                    t.org_id, t.instance_id, t.root_id, t.step_order, t.scope_id, t.iteration_id,
                    t.from_order, t.enters_id
                )::automation_private.token,
                t.attempt
            )::automation_private.due_timer
            from automation_private.timers as t
            where t.org_id = p_request.org_id
                and t.instance_id = p_request.instance_id
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
    return automation_private.describe_rehearsal(p_request.org_id, p_request.instance_id);
end;
$$;

comment on function automation_private.rehearse_request(
    automation_private.start_request, jsonb
) is
    'Runs an instance of a copy of its definition to its end with mocked actions; the caller '
    'throws the transaction away.';
