create or replace function automation_private.check_alternatives(
    p_schema jsonb, p_value jsonb, p_pointer text, p_templated boolean
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key text;
    v_branch jsonb;
    v_failure jsonb;
    v_fitting integer;
    v_failures text[];
    v_errors jsonb := '[]'::jsonb;
begin
    foreach v_key in array array['anyOf', 'oneOf'] loop
        continue when not p_schema ? v_key;
        v_fitting := 0;
        v_failures := '{}'::text[];
        for v_branch in select b.value from jsonb_array_elements(p_schema -> v_key) as b loop
            v_failure := automation_private.check_value(
                v_branch, p_value, p_pointer, p_templated) -> 0;
            if v_failure is null then
                v_fitting := v_fitting + 1;
            else
                v_failures := v_failures || case
                    when v_failure ->> 'pointer' = p_pointer
                        or v_failure ->> 'code' in ('required', 'unknown_key')
                        then v_failure ->> 'message'
                    else format('%s: %s', substr(v_failure ->> 'pointer', length(p_pointer) + 2),
                        v_failure ->> 'message')
                end;
            end if;
        end loop;

        if v_fitting = 0 then
            v_errors := v_errors || automation_private.build_error(p_pointer, 'no_alternative',
                format('fits none of the allowed forms: %s',
                    left(array_to_string(v_failures, ', or '), 500)),
                p_schema ->> 'description');
        elsif v_fitting > 1 and v_key = 'oneOf' and not p_templated then
            v_errors := v_errors || automation_private.build_error(p_pointer, 'many_alternatives',
                'fits more than one of the allowed forms, which exclude each other',
                p_schema ->> 'description');
        end if;
    end loop;
    return nullif(v_errors, '[]');
end;
$$;

comment on function automation_private.check_alternatives(jsonb, jsonb, text, boolean) is
    'The errors of a value that fits none of the alternatives of anyOf or oneOf, or several of '
    'oneOf; null when it fits.';
