create or replace function automation_private.extend_chain(
    p_causation jsonb,
    p_event_id bigint,
    p_listener_id uuid,
    p_entity text
)
returns jsonb
language sql
immutable
return jsonb_build_object(
    'chain', coalesce(p_causation ->> 'chain', p_event_id::text),
    'depth', coalesce((p_causation ->> 'depth')::int, 0),
    'visited', coalesce(p_causation -> 'visited', '[]')
    || to_jsonb(concat_ws('/', p_listener_id, p_entity))
);

comment on function automation_private.extend_chain(jsonb, bigint, uuid, text) is
    'The causation of the instance that an event starts.';
