create or replace function automation_private.check_input(p_schema jsonb, p_input jsonb)
returns automation_private.rendered
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_errors jsonb;
    v_defaults jsonb;
    v_result automation_private.rendered;
begin
    if jsonb_typeof(coalesce(p_input, '{}')) <> 'object' then
        v_errors := automation_private.build_error('', 'wrong_type', 'the input must be an object');
    elsif automation_private.has_wild_number(p_input) then
        v_errors := automation_private.build_error(
            '', 'number_out_of_range', 'a number in the input has more than 38 digits'
        );
    elsif p_schema is not null then
        select jsonb_object_agg(d.key, d.value -> 'default')
            filter (where d.value ? 'default' and coalesce(p_input -> d.key, 'null') = 'null')
        into v_defaults
        from jsonb_each(p_schema) as d
        where not starts_with(d.key, 'x-');

        select jsonb_agg(e.error order by e.name) into v_errors
        from (
            select
                n.name,
                case
                    when not p_schema ? n.name then automation_private.suggest_error(
                        automation_private.append_pointer('', left(n.name, 100)),
                        'undeclared_input',
                        format('the workflow takes no input "%s"', left(n.name, 100)),
                        n.name, array(select jsonb_object_keys(p_schema))
                    )
                    when v.value <> 'null' then automation_private.check_argument(
                        v.value, p_schema -> n.name, '/' || n.name
                    )
                    when (p_schema -> n.name ->> 'required')::boolean then
                        automation_private.build_error(
                            '/' || n.name, 'missing_input',
                            format('the input "%s" is required', n.name)
                        )
                end as error
            from (
                select jsonb_object_keys(p_schema)
                union
                select jsonb_object_keys(p_input)
            ) as n (name)
            cross join lateral (
                select coalesce(v_defaults -> n.name, p_input -> n.name, 'null') as value
            ) as v
            where not (p_schema ? n.name and starts_with(n.name, 'x-'))
        ) as e
        where e.error is not null;
    end if;

    if v_errors is null then
        v_result.value := coalesce(p_input, '{}') || coalesce(v_defaults, '{}');
    else
        v_result.error := jsonb_build_object(
            'code', 'invalid_input', 'message', 'the input does not fit the workflow',
            'errors', automation_private.finish_errors(automation_private.collect_errors(v_errors))
        );
    end if;
    return v_result;
end;
$$;

comment on function automation_private.check_input(jsonb, jsonb) is
    'The input with defaults filled in, or the error that lists what is missing, undeclared or '
    'ill-typed. Null counts as missing; without a schema any object will do.';
