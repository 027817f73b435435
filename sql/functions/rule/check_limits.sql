create or replace function automation_private.check_limits(p_rule jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit record;
    v_errors jsonb;
    v_seen text[] := '{}'::text[];
begin
    if jsonb_typeof(p_rule -> 'limits') is distinct from 'array' then
        return automation_private.check_key_type(p_rule, 'limits', array['array'], '');
    elsif jsonb_array_length(p_rule -> 'limits') not between 1 and 10 then
        return automation_private.build_error(
            '/limits', 'out_of_range', '"limits" is a list of one to ten limits'
        );
    end if;
    for v_limit in
        select x.value, '/limits/' || x.ordinality - 1 as pointer,
            coalesce(x.value ->> 'scope', 'rule') || '|' || coalesce(x.value ->> 'per', '')
            || '|' || coalesce(x.value ->> 'key', '') || coalesce(x.value ->> 'timezone', '')
            as counts
        from jsonb_array_elements(p_rule -> 'limits') with ordinality as x
    loop
        v_errors := automation_private.collect_errors(
            v_errors,
            automation_private.check_limit(v_limit.value, v_limit.pointer),
            case
                when v_limit.counts = any (v_seen) then automation_private.build_error(
                    v_limit.pointer, 'conflicting_keys', 'another limit counts the same'
                )
            end
        );
        v_seen := v_seen || v_limit.counts;
    end loop;
    return v_errors;
end;
$$;

comment on function automation_private.check_limits(jsonb) is
    'The errors of a rule''s limits.';
