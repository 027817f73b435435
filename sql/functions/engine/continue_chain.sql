create or replace function automation_private.continue_chain(
    p_instance automation.workflow_instances
)
returns jsonb
language sql
immutable
return jsonb_build_object(
    'instance', p_instance.instance_id,
    'chain', coalesce(
        p_instance.causation ->> 'chain', p_instance.event_id::text, p_instance.instance_id::text
    ),
    'depth', coalesce((p_instance.causation ->> 'depth')::int, 0) + 1,
    'visited', coalesce(p_instance.causation -> 'visited', '[]')
);

comment on function automation_private.continue_chain(automation.workflow_instances) is
    'The causation of an event that an instance brings about.';
