create or replace function automation_private.compile_assignment(
    p_step automation_private.compiled_step,
    p_name text,
    p_value jsonb,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_kind text := case
        when jsonb_typeof(p_value) <> 'object' then null
        when p_value ? 'expr' then 'expr'
        when p_value ? 'append' then 'append'
        when p_value ? 'merge' then 'merge'
    end;
    v_expression automation_private.compiled_condition;
begin
    if p_name !~ '^[A-Za-z_][A-Za-z0-9_]{0,62}$' then
        p_step.errors := automation_private.collect_errors(
            p_step.errors,
            automation_private.build_error(
                p_pointer, 'invalid_name',
                format('"%s" cannot be the name of a variable', left(p_name, 100)),
                'at most 63 letters, digits and _, a letter first'
            )
        );
    end if;
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        case
            when v_kind is not null then automation_private.check_known_keys(
                p_value, array[v_kind], p_pointer
            )
        end,
        case
            when v_kind = 'expr'
                then automation_private.check_key_type(p_value, 'expr', array['string'], p_pointer)
            when v_kind = 'merge' and p_value ->> 'merge' not like '%{{%'
                then automation_private.check_key_type(p_value, 'merge', array['object'], p_pointer)
        end
    );

    if v_kind = 'expr' then
        v_expression := automation_private.compile_expression(
            coalesce(p_value ->> 'expr', ''), 'step', p_step.roots, p_pointer || '/expr'
        );
        p_step.errors := automation_private.collect_errors(p_step.errors, v_expression.errors);
        p_step := automation_private.add_reads(p_step, v_expression.reads, p_pointer || '/expr');
    else
        p_step.params := jsonb_set(
            p_step.params, array['values', p_name],
            case when v_kind is null then p_value else p_value -> v_kind end
        );
    end if;
    if v_kind is not null then
        p_step.cases := coalesce(p_step.cases, '[]') || jsonb_strip_nulls(jsonb_build_object(
            'name', p_name, 'kind', v_kind,
            'path', v_expression.path::text, 'derived', v_expression.derived
        ));
    end if;
    return p_step;
end;
$$;

comment on function automation_private.compile_assignment(
    automation_private.compiled_step, text, jsonb, text
) is
    'The step with one more variable to assign: a template, an expression, or what to append or '
    'merge.';
