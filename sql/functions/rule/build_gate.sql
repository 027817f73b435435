create or replace function automation_private.build_gate(p_rule jsonb)
returns jsonb
language sql
stable
return jsonb_strip_nulls(jsonb_build_object(
    'mode', coalesce(p_rule ->> 'mode', 'single'),
    -- what is about nothing in particular cannot be in its own way unless somebody says so
    'needs_key', nullif(not p_rule ?| '{mode,mode_key}', false),
    'max', case
        when p_rule ->> 'mode' in ('queued', 'parallel')
            then coalesce(p_rule -> 'max_runs', '10')
    end,
    'key', automation_private.build_key(p_rule ->> 'mode_key'),
    'skips_recheck', nullif(p_rule -> 'recheck_before_action' = 'false', false),
    'cooldown', p_rule -> 'cooldown',
    'debounce', p_rule -> 'debounce',
    'batch', p_rule -> 'batch',
    'limits', (
        select jsonb_agg(
            l.value - 'key' || jsonb_strip_nulls(jsonb_build_object(
                'key', automation_private.build_key(l.value ->> 'key')
            ))
            order by l.value ->> 'scope', l.value ->> 'per', l.value ->> 'key'
        )
        from jsonb_array_elements(
            coalesce(p_rule -> 'limits', '[]') || case
                when p_rule ? 'max_executions_per_day' then jsonb_build_array(
                    jsonb_build_object('max', p_rule -> 'max_executions_per_day', 'per', 'day')
                )
                else '[]'
            end
        ) as l
    )
));

comment on function automation_private.build_gate(jsonb) is
    'What each firing of a rule has to pass before it starts a run, with compiled keys.';
