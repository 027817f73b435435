create or replace function automation_private.reach_milestones(
    p_state automation_private.threshold_state,
    p_value numeric,
    p_at numeric,
    p_config jsonb
)
returns automation_private.threshold_state
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state automation_private.threshold_state := p_state;
    v_reached constant jsonb := coalesce(p_state.reached, '[]');
    v_milestones constant jsonb := p_config -> 'milestones';
    -- those that were reached are the lowest
    v_next int := jsonb_array_length(v_reached);
    v_levels jsonb := '[]'::jsonb;
begin
    v_state.phase := 'clear';
    if p_state.reached is null then
        v_state.since := p_at;
    end if;
    while (v_milestones -> v_next)::numeric <= p_value loop
        v_levels := v_levels || (v_milestones -> v_next);
        v_next := v_next + 1;
    end loop;
    v_state.reached := v_reached || v_levels;
    if v_levels = '[]' then
        v_state.trace := case when p_state.reached is null then 'first_sample' else 'below' end;
    elsif p_state.reached is null and p_config ->> 'first' is distinct from 'fire_if_true' then
        v_state.trace := 'armed';
    elsif p_at < p_state.fired_at + (p_config -> 'cooldown')::numeric then
        v_state.trace := 'cooldown';
    else
        v_state.levels := case p_config ->> 'levels'
            when 'all' then v_levels
            else jsonb_build_array(v_levels -> -1)
        end;
        v_state.fires := jsonb_array_length(v_state.levels);
        v_state.fired_at := p_at;
        v_state.trace := 'reached';
    end if;
    return v_state;
end;
$$;

comment on function automation_private.reach_milestones(
    automation_private.threshold_state, numeric, numeric, jsonb
) is
    'The state after a value has reached milestones, each of which fires once.';
