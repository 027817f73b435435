create or replace function automation_private.read_denominator(
    p_denominator jsonb,
    p_pointer text
)
returns automation_private.compiled_threshold
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_result automation_private.compiled_threshold;
begin
    if jsonb_typeof(p_denominator) <> 'object' then
        v_result.errors := automation_private.build_error(
            p_pointer, 'wrong_type', '"min_denominator" must be an object',
            'such as {"field": "impressions", "at_least": 1000}'
        );
        return v_result;
    end if;
    v_result := automation_private.read_sample_field(p_denominator, 'field', p_pointer);
    v_result.denominator := v_result.path;
    v_result.errors := automation_private.collect_errors(
        automation_private.check_known_keys(p_denominator, array['field', 'at_least'], p_pointer),
        automation_private.check_one_of(p_denominator, array['field'], p_pointer),
        v_result.errors,
        automation_private.check_one_of(p_denominator, array['at_least'], p_pointer),
        case
            when p_denominator ? 'at_least' then automation_private.check_bounds(
                p_denominator -> 'at_least', 'above', p_pointer || '/at_least'
            )
        end
    );
    return v_result;
end;
$$;

comment on function automation_private.read_denominator(jsonb, text) is
    'How much of another field there must be for a value to count.';
