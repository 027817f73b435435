create or replace function automation_private.compile_guards(
    p_step automation_private.compiled_step,
    p_key text,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_list jsonb := p_step.source -> p_key;
    v_pointer text := p_pointer || '/' || p_key;
    v_form constant text := case
        when p_key = 'branches' and p_step.source ->> 'mode' = 'random' then 'shares' else p_key
    end;
    v_guard jsonb;
    v_at text;
    v_condition automation_private.compiled_condition;
begin
    p_step.errors := automation_private.collect_errors(
        p_step.errors, automation_private.check_long_list(p_step.source, p_key, 500, p_pointer)
    );
    p_step.cases := '[]';
    for v_guard, v_at in
        select
            case jsonb_typeof(g.value)
                when 'string' then jsonb_build_object('next', g.value) else g.value
            end,
            format('%s/%s', v_pointer, g.ordinality - 1)
        from jsonb_array_elements(
            case
                when jsonb_typeof(v_list) = 'array' and jsonb_array_length(v_list) <= 500
                    then v_list
                else '[]'
            end
        ) with ordinality as g
    loop
        v_condition := null;
        if v_guard ? 'when' then
            v_condition := automation_private.compile_condition(
                v_guard -> 'when', 'step', p_step.roots, v_at || '/when'
            );
        end if;
        p_step.cases := p_step.cases || jsonb_build_object(
            'path', v_condition.path::text,
            'derived', v_condition.derived,
            'name', coalesce(
                v_guard ->> 'name', v_guard ->> 'next',
                case v_form when 'shares' then 'holdout' end
            )
        );
        p_step := automation_private.add_reads(p_step, v_condition.reads, v_at || '/when');
        p_step := case
            when v_guard ? 'next' or p_key = 'branches'
                then automation_private.add_link(p_step, 'case', v_guard, 'next', v_at)
            else automation_private.add_link(p_step, 'case', p_step.source, 'next', p_pointer)
        end;
        p_step.errors := automation_private.collect_errors(
            p_step.errors,
            automation_private.check_guard(v_guard, v_form, v_at),
            v_condition.errors
        );
    end loop;
    return p_step;
end;
$$;

comment on function automation_private.compile_guards(
    automation_private.compiled_step, text, text
) is
    'The step with its cases (condition) or branches (split) compiled, in their order.';
