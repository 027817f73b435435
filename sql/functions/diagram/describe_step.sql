create or replace function automation_private.describe_step(p_step jsonb)
returns text
language sql
immutable
return case p_step ->> 'type'
    when 'action' then p_step ->> 'action'
    when 'condition' then automation_private.describe_condition(p_step -> 'condition')
    when 'set' then (
        select string_agg(k.name, ', ' order by k.name)
        from jsonb_object_keys(
            case jsonb_typeof(p_step -> 'values')
                when 'object' then p_step -> 'values' else '{}'
            end
        ) as k (name)
    )
    when 'delay' then coalesce(
        'for ' || (p_step ->> 'for'),
        concat_ws(' ', 'until', p_step ->> 'until', p_step ->> 'at', p_step ->> 'offset')
    )
    when 'split' then concat_ws(', ', p_step ->> 'mode', (p_step ->> 'count') || ' of each')
    when 'merge' then case
        when p_step ? 'from' then 'one from each'
        when p_step ->> 'wait_for' ~ '^[0-9]+$' then 'the first ' || (p_step ->> 'wait_for')
        else coalesce(p_step ->> 'wait_for', 'all')
    end
    when 'loop' then coalesce(
        'for each of ' || (p_step ->> 'over'),
        'while ' || automation_private.describe_condition(p_step -> 'while'),
        'until ' || automation_private.describe_condition(p_step -> 'until')
    )
    when 'wait' then coalesce(
        'until ' || automation_private.describe_condition(p_step -> 'condition'),
        (
            select string_agg(e.value #>> '{}', ' or ' order by e.ordinality)
            from jsonb_path_query(p_step, 'lax $.events[*].event') with ordinality as e (value)
        )
    )
    when 'approval' then (
        select string_agg(
            coalesce(a.value ->> 'role', a.value ->> 'user', a.value #>> '{}'), ', '
            order by a.ordinality
        )
        from jsonb_path_query(p_step, 'lax $.approvers[*]') with ordinality as a (value)
    )
    when 'workflow' then case
        when jsonb_typeof(p_step -> 'template') = 'object' then 'this workflow'
        else p_step ->> 'template'
    end
    when 'stop' then concat_ws(
        ': ',
        case
            when coalesce(p_step ->> 'scope', 'instance') = 'instance'
                then coalesce(p_step ->> 'status', 'completed')
            else 'ends the ' || (p_step ->> 'scope')
        end,
        p_step ->> 'reason'
    )
    else p_step ->> 'type'
end;

comment on function automation_private.describe_step(jsonb) is
    'What a step does, in few words, as it is written.';
