create or replace function automation_private.normalise_execution(p_rule jsonb)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rule jsonb := p_rule;
begin
    if v_rule ? 'throttle' and not v_rule ? 'cooldown' then
        v_rule := v_rule - 'throttle' || jsonb_build_object('cooldown', v_rule -> 'throttle');
    end if;
    if jsonb_typeof(v_rule -> 'cooldown_minutes') = 'number' and not v_rule ? 'cooldown' then
        v_rule := v_rule - 'cooldown_minutes' || case
            when (v_rule -> 'cooldown_minutes')::numeric = 0 then '{}'
            when (v_rule -> 'cooldown_minutes')::numeric between 0 and 2628000
                then jsonb_build_object('cooldown', format(
                    'PT%sS', trim_scale(round((v_rule -> 'cooldown_minutes')::numeric * 60, 3))
                ))
            else jsonb_build_object('cooldown_minutes', v_rule -> 'cooldown_minutes')
        end;
    end if;
    if jsonb_typeof(v_rule -> 'limit') = 'object' and not v_rule ? 'limits' then
        v_rule := v_rule - 'limit'
            || jsonb_build_object('limits', jsonb_build_array(v_rule -> 'limit'));
    end if;
    if jsonb_typeof(v_rule -> 'debounce') = 'string' then
        v_rule := v_rule
            || jsonb_build_object('debounce', jsonb_build_object('for', v_rule -> 'debounce'));
    end if;
    if v_rule ->> 'mode_key' !~ '[{}]' then
        v_rule := v_rule || jsonb_build_object(
            'mode_key', format('{{trigger.%s}}', v_rule ->> 'mode_key')
        );
    end if;
    if jsonb_typeof(v_rule -> 'cooldown') = 'string' then
        v_rule := v_rule || jsonb_build_object('cooldown', coalesce(
            automation_private.canonical_duration(v_rule ->> 'cooldown'), v_rule ->> 'cooldown'
        ));
    end if;
    return v_rule;
end;
$$;

comment on function automation_private.normalise_execution(jsonb) is
    'The keys of a rule that say how often and how many at once, in the form that is stored: '
    'throttle and cooldown_minutes are a cooldown, limit is a list of limits.';
