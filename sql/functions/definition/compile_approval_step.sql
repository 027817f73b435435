create or replace function automation_private.compile_approval_step(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source jsonb := p_step.source;
    v_errors jsonb := automation_private.check_approval(v_source, p_pointer);
begin
    p_step.runs := 'approval';
    -- an approved token goes on as any other does; only the other ways have names
    p_step := automation_private.add_link(
        p_step, 'next', v_source,
        case when v_source ? 'approved_next' then 'approved_next' else 'next' end, p_pointer
    );
    p_step := automation_private.add_link(p_step, 'case', v_source, 'rejected_next', p_pointer);
    p_step.cases := '[{"name": "rejected"}]';
    if v_source ? 'changes_next' then
        p_step := automation_private.add_link(p_step, 'case', v_source, 'changes_next', p_pointer);
        p_step.cases := p_step.cases || '{"name": "changes_requested"}'::jsonb;
    end if;
    if jsonb_typeof(v_source -> 'on_timeout') = 'object' then
        p_step := automation_private.add_link(
            p_step, 'case', v_source -> 'on_timeout', 'next', p_pointer || '/on_timeout'
        );
        p_step.cases := p_step.cases || '{"name": "timeout"}'::jsonb;
    end if;
    p_step.errors := automation_private.collect_errors(p_step.errors, v_errors);
    if v_errors is not null then
        return p_step;
    end if;

    p_step.params := p_step.params || jsonb_strip_nulls(jsonb_build_object(
        'approvers', v_source -> 'approvers',
        'message', v_source -> 'message',
        'escalate', case
            when v_source ? 'escalate'
                then jsonb_path_query_array(v_source, '$.escalate[*].to')
        end
    ));
    if v_source ? 'content' then
        p_step.params := p_step.params || jsonb_build_object('content', v_source -> 'content');
    end if;
    p_step.options := jsonb_build_object(
        'required', coalesce(v_source -> 'required', '1'),
        'allow_self', coalesce(v_source -> 'allow_self', 'false'),
        'takes_changes', v_source ? 'changes_next',
        'on_timeout', case jsonb_typeof(v_source -> 'on_timeout')
            when 'object' then 'next'
            else coalesce(v_source ->> 'on_timeout', 'reject')
        end,
        'remind', (
            select coalesce(jsonb_agg(
                automation_private.canonical_duration(r.value #>> '{}') order by r.ordinality
            ), '[]')
            from jsonb_array_elements(v_source -> 'remind') with ordinality as r
        ),
        'escalate', (
            select coalesce(jsonb_agg(
                automation_private.canonical_duration(e.value ->> 'after') order by e.ordinality
            ), '[]')
            from jsonb_array_elements(v_source -> 'escalate') with ordinality as e
        )
    );
    return p_step;
end;
$$;

comment on function automation_private.compile_approval_step(
    automation_private.compiled_step, text
) is
    'An approval step: who decides on what, how many of them, and what follows each decision.';
