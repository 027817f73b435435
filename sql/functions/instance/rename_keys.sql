create or replace function automation_private.rename_keys(p_object jsonb, p_names jsonb)
returns jsonb
language sql
immutable
return (
    select coalesce(jsonb_object_agg(coalesce(p_names ->> e.key, e.key), e.value), '{}')
    from jsonb_each(p_object) as e
);

comment on function automation_private.rename_keys(jsonb, jsonb) is
    'An object with other names for some of its keys.';
