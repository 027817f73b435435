create or replace function automation_private.run_actions(
    p_calls automation_private.action_call[]
)
returns automation_private.outcome[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call record;
    v_outcomes automation_private.outcome[] := '{}'::automation_private.outcome[];
    v_output jsonb;
    v_error jsonb;
    v_began timestamptz;
    v_cause text := coalesce(current_setting('automation.cause', true), '');
    v_lock_timeout text := current_setting('lock_timeout');
    v_patience text := '300ms';
    v_busy uuid;
begin
    for v_call in
        select c.*, a.handler, i.triggered_by
        from unnest(p_calls) with ordinality as c
        inner join automation.workflow_instances as i
            on i.org_id = c.org_id and i.instance_id = c.instance_id
        left join automation_private.actions as a on a.action = c.action and a.runs = 'native'
        order by c.ordinality
    loop
        if v_call.org_id is distinct from v_busy then
            v_patience := '300ms';
        end if;
        v_error := null;
        v_output := null;
        v_began := clock_timestamp();
        begin
            -- what the action writes is an event that this instance caused
            perform set_config('automation.cause', automation_private.sign_cause(
                v_call.org_id || '/' || v_call.instance_id
            ), true);
            -- shorter than deadlock_timeout: who writes these rows, too, must never be the victim
            perform set_config('lock_timeout', v_patience, true);
            v_output := automation_private.run_action(
                v_call.action, v_call.handler, v_call.config,
                jsonb_build_object(
                    'org_id', v_call.org_id, 'instance_id', v_call.instance_id,
                    'step_id', v_call.step_id, 'step_key', v_call.step_key,
                    'attempt', v_call.attempt, 'idempotency_key', v_call.step_id,
                    'user_id', v_call.triggered_by
                )
            );
            v_error := automation_private.output_fault(v_output);
            if v_error is not null then
                raise exception using errcode = 'MA003', message = v_error ->> 'message';
            end if;
            perform set_config('automation.cause', v_cause, true),
                set_config('lock_timeout', v_lock_timeout, true);
        exception when others or assert_failure then
            if automation_private.must_reraise(sqlstate) and sqlstate <> '55P03' then
                raise;
            end if;
            if sqlstate = '55P03' then
                v_patience := '5ms';
                v_busy := v_call.org_id;
            end if;
            v_error := automation_private.error_object(
                case sqlstate when 'MA003' then 'too_large' else sqlstate end,
                automation_private.error_class(sqlstate), sqlerrm
            );
        end;
        v_outcomes := v_outcomes || (
            v_call.org_id, v_call.instance_id, v_call.root_id, v_call.step_id,
            case when v_error is null then 'completed' else 'failed' end,
            v_output, v_error,
            extract(epoch from clock_timestamp() - v_began) * 1000, null
        )::automation_private.outcome;
    end loop;
    return v_outcomes;
end;
$$;

comment on function automation_private.run_actions(automation_private.action_call[]) is
    'Runs actions inside the database, each in a subtransaction of its own: one that raises '
    'loses its effects and only its effects.';
