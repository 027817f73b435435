create or replace function automation_private.render_past(
    p_step automation_private.compiled_step,
    p_doc jsonb,
    p_at timestamptz,
    p_timezone text
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- what a run alone knows, and what the actions before it return
    v_unknown constant text := format(
        '(?n)^(\{|(strict|lax) \$\.")(%s)\M',
        case p_step.source -> 'x-action' when '0' then 'run' else 'run|status|steps|vars' end
    );
    v_params jsonb := p_step.params;
    v_unresolved jsonb := '[]'::jsonb;
    v_errors jsonb := '[]'::jsonb;
    v_rendered automation_private.rendered;
    v_binding record;
begin
    -- each text alone, so that one that cannot be known yet does not hide the others
    for v_binding in
        select
            b.at, b.bindings || (p_step.bindings - '{expressions,references}'::text[]) as bindings,
            array_to_string(b.reads, e'\n') ~ v_unknown as may_come
        from automation_private.split_bindings(p_step.bindings) as b
        where b.at[1] = 'config'
    loop
        v_rendered := automation_private.render(
            p_step.params, v_binding.bindings, p_doc, p_at, p_timezone
        );
        if v_rendered.error is null then
            v_params := jsonb_set(v_params, v_binding.at, v_rendered.value #> v_binding.at);
        elsif v_binding.may_come then
            v_unresolved := v_unresolved || to_jsonb(
                automation_private.format_pointer(v_binding.at[2:])
            );
        else
            v_errors := v_errors || jsonb_build_object(
                'step', p_step.step_key, 'code', v_rendered.error -> 'code',
                'pointer', automation_private.format_pointer(v_binding.at[2:]),
                'message', v_rendered.error -> 'message'
            );
        end if;
    end loop;
    return jsonb_build_object(
        'step', p_step.step_key, 'action', p_step.action, 'config', v_params -> 'config'
    ) || case when v_unresolved = '[]' then '{}'
        else jsonb_build_object('unresolved', v_unresolved) end
    || case when v_errors = '[]' then '{}' else jsonb_build_object('errors', v_errors) end;
end;
$$;

comment on function automation_private.render_past(
    automation_private.compiled_step, jsonb, timestamptz, text
) is
    'What an action would have been told: its settings, with templates left as they are where they '
    'read what an earlier action returns (unresolved) or cannot be rendered (errors). Secrets '
    'are named.';
