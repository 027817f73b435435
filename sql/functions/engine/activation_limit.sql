create or replace function automation_private.activation_limit(
    p_org_id uuid,
    p_instance_id uuid,
    p_root_id uuid,
    p_max_activations int
)
returns automation_private.ending
language sql
stable
return (
    p_org_id, p_instance_id, p_root_id, 'failed', 'activation_limit',
    automation_private.error_object(
        'activation_limit', 'invalid',
        format('more than %s step activations (setting max_activations)', p_max_activations)
    ),
    false
)::automation_private.ending;

comment on function automation_private.activation_limit(uuid, uuid, uuid, int) is
    'The end of an instance that has entered more steps than it may.';
