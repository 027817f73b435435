create or replace function automation_private.build_context(
    p_reads text[],
    p_org_id uuid,
    p_instance_id uuid,
    p_iteration_id uuid,
    p_locals jsonb,
    p_vars jsonb,
    p_outputs jsonb,
    p_trigger jsonb,
    p_input jsonb,
    p_name text,
    p_timezone text,
    p_started_at timestamptz,
    p_now timestamptz
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reads text := coalesce(
        array_to_string(p_reads, ' '), 'vars trigger input steps.'
    );
    -- what is read only: the turns of a loop would copy its list, each one all of it
    v_context jsonb := jsonb_build_object(
        'vars', case
            when v_reads !~ '\mvars\M' then '{}'
            when p_locals -> 'vars' <> '{}' then p_vars || (p_locals -> 'vars')
            else p_vars
        end,
        'trigger', case when v_reads ~ '\mtrigger\M' then p_trigger else '{}' end,
        'input', case when v_reads ~ '\minput\M' then p_input else '{}' end,
        'steps', case
            when v_reads !~ '\msteps\.' then '{}'
            when p_locals -> 'steps' <> '{}' then p_outputs || (p_locals -> 'steps')
            else p_outputs
        end
    );
begin
    if p_locals is not null then
        v_context := v_context || (p_locals -> 'roots');
    end if;
    if p_reads && array['run', 'org', 'now'] then
        v_context := v_context || jsonb_build_object(
            'now', automation_private.format_instant(p_now, p_timezone),
            'org', jsonb_build_object('id', p_org_id, 'timezone', p_timezone),
            'run', jsonb_build_object(
                'id', p_instance_id,
                'name', p_name,
                'started_at', automation_private.format_instant(p_started_at, p_timezone)
            )
        );
    end if;
    if v_reads ~ '\mstatus\.' then
        v_context := v_context || jsonb_build_object(
            'status', automation_private.step_statuses(
                p_org_id, p_instance_id, p_iteration_id, p_reads
            )
        );
    end if;
    return v_context;
end;
$$;

comment on function automation_private.build_context(
    text[], uuid, uuid, uuid, jsonb, jsonb, jsonb, jsonb, jsonb, text, text, timestamptz,
    timestamptz
) is
    'The document that templates and conditions of a step read: trigger, input, vars, steps, '
    'what its turn of a loop adds (loop, its alias) and, when they are read, status, run, org and '
    'now.';
