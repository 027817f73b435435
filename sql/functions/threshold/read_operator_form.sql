create or replace function automation_private.read_operator_form(
    p_trigger jsonb,
    p_pointer text
)
returns automation_private.compiled_threshold
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_directions constant jsonb := '{
        "gt": "above", "gte": "above", "lt": "below", "lte": "below",
        "between": "inside", "not_between": "outside"
    }'::jsonb;
    v_key constant text :=
        automation_private.written_key(p_trigger, array['operator', 'op']);
    v_op text := automation_private.find_operator(p_trigger ->> v_key) ->> 'op';
    v_result automation_private.compiled_threshold;
begin
    v_result.errors := automation_private.check_key_type(
        p_trigger, v_key, array['string'], p_pointer
    );
    if not p_trigger ?| '{operator,op}' and p_trigger ? 'hysteresis' then
        v_op := 'gt';
    elsif v_result.errors is null and not v_directions ? coalesce(v_op, '') then
        v_result.errors := automation_private.build_error(
            case when p_trigger ? v_key then p_pointer || '/' || v_key else p_pointer end,
            case when p_trigger ? v_key then 'unknown_operator' else 'missing_key' end,
            'a "threshold" needs an "operator" that says where it fires',
            'one of >, >=, <, <=, between, not_between'
        );
    end if;
    v_result.config := jsonb_build_object('direction', coalesce(v_directions ->> v_op, 'above'))
        || case
            when v_op in ('gte', 'lte', 'between') then '{"inclusive": true}'::jsonb
            else '{}'
        end;
    return v_result;
end;
$$;

comment on function automation_private.read_operator_form(jsonb, text) is
    'The direction of a threshold that is written with an operator.';
