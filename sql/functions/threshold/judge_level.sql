create or replace function automation_private.judge_level(p_value numeric, p_config jsonb)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_direction constant text := p_config ->> 'direction';
    v_excess constant numeric :=
        automation_private.measure_excess(p_value, v_direction, p_config -> 'fire_at');
begin
    if v_excess > 0 or v_excess = 0 and p_config ? 'inclusive' then
        return 'fire';
    elsif automation_private.measure_excess(p_value, v_direction, p_config -> 'clear_at') < 0 then
        return 'clear';
    end if;
    return 'keep';
end;
$$;

comment on function automation_private.judge_level(numeric, jsonb) is
    'Where a value is: beyond fire_at (fire), on the safe side of clear_at (clear), or in between '
    '(keep).';
