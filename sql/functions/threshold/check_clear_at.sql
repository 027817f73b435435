create or replace function automation_private.check_clear_at(
    p_trigger jsonb,
    p_fire_at jsonb,
    p_direction text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_clear_at constant jsonb :=
        automation_private.read_bounds(p_trigger -> 'clear_at', p_direction);
    v_errors jsonb;
begin
    if not p_trigger ? 'clear_at' then
        return null;
    end if;
    v_errors := automation_private.check_bounds(
        v_clear_at, p_direction, p_pointer || '/clear_at'
    );
    if v_errors is null
        and not automation_private.is_safer(v_clear_at, p_fire_at, p_direction)
    then
        v_errors := automation_private.build_error(
            p_pointer || '/clear_at', 'wrong_side',
            format('"clear_at" must be on the safe side of %s', p_fire_at),
            case p_direction
                when 'above' then 'at most that: it fires above it'
                when 'below' then 'at least that: it fires below it'
                when 'outside' then 'within that range: it fires outside of it'
                else 'a range around that: it fires inside of it'
            end
        );
    end if;
    return v_errors;
end;
$$;

comment on function automation_private.check_clear_at(jsonb, jsonb, text, text) is
    'What is wrong with where a threshold clears; null when it is sound, or not said.';
