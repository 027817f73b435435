create or replace function automation_private.open_step(
    p_state jsonb,
    p_sample jsonb,
    p_config jsonb
)
returns automation_private.threshold_state
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_state) not in ('null', 'object') then
        raise exception using
            errcode = 'MA001', message = 'the state of a threshold must be an object',
            hint = 'what threshold_step returned last, or null';
    elsif jsonb_typeof(p_sample -> 'at') is distinct from 'number'
        or jsonb_typeof(p_sample -> 'seq') not in ('number', 'null')
        or abs((p_sample -> 'at')::numeric) > 1e12
    then
        raise exception using
            errcode = 'MA001', message = 'a sample needs "at", its time in seconds',
            hint = 'for example {"value": 5.2, "at": 1767225600, "seq": 1}';
    elsif not coalesce(case p_config ->> 'kind'
        when 'level' then p_config ?& '{direction,fire_at,clear_at}'
        when 'milestones' then jsonb_typeof(p_config -> 'milestones') = 'array'
        when 'spike' then p_config ?& '{sigma,min_samples}'
        when 'change' then p_config ?& '{direction,fire_at,clear_at,window_seconds}'
    end, false) then
        raise exception using
            errcode = 'MA001', message = 'that is not the configuration of a threshold', hint =
            'for example {"kind": "level", "direction": "above", "fire_at": 5, "clear_at": 4}';
    end if;
    return automation_private.read_threshold_state(nullif(p_state, 'null'));
end;
$$;

comment on function automation_private.open_step(jsonb, jsonb, jsonb) is
    'The state with which a step begins. Refuses what is no state, no sample or no '
    'configuration of a threshold.';
