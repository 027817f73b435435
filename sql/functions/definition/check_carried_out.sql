create or replace function automation_private.check_carried_out(p_step jsonb, p_pointer text)
returns jsonb
language sql
stable
return (
    select jsonb_agg(automation_private.build_error(
        p_pointer || '/' || k.key, 'unsupported_key',
        format('a step of type "%s" takes no "%s"', left(p_step ->> 'type', 100), k.key),
        format('it belongs to: %s', array_to_string(k.types, ', '))
    ))
    from (
        values
        ('retry', array['action', 'loop', 'scope', 'workflow']),
        (
            'timeout',
            array[
                'action', 'delay', 'split', 'loop', 'scope', 'wait', 'approval', 'workflow'
            ]
        )
    ) as k (key, types)
    where p_step ? k.key
        and p_step ->> 'type' in (
            'action', 'condition', 'set', 'delay', 'split', 'merge', 'loop', 'scope', 'wait',
            'approval', 'workflow', 'stop'
        )
        and p_step ->> 'type' <> all (k.types)
);

comment on function automation_private.check_carried_out(jsonb, text) is
    'The errors of retry and timeout on steps that are done as soon as they are entered.';
