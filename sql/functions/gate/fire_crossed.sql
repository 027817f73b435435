create or replace function automation_private.fire_crossed(
    p_firing automation_private.firing,
    p_state jsonb
)
returns automation_private.firing[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_level jsonb;
    v_firings automation_private.firing[] := '{}'::automation_private.firing[];
begin
    if coalesce((p_state ->> 'fires')::int, 0) = 0 then
        return v_firings;
    end if;
    p_firing.stage := null;
    for v_level in
        select l from jsonb_array_elements(coalesce(p_state -> 'levels', '[null]')) as l
    loop
        p_firing.details := jsonb_strip_nulls(jsonb_build_object(
            'level', v_level, 'value', p_state -> 'value', 'phase', p_state -> 'phase',
            'trace', p_state -> 'trace'
        ));
        v_firings := v_firings || p_firing;
    end loop;
    return v_firings;
end;
$$;

comment on function automation_private.fire_crossed(automation_private.firing, jsonb) is
    'The firings of a threshold''s new state: none, one, or one for each milestone.';
