create or replace function automation_private.list_changed(p_new jsonb, p_old jsonb)
returns jsonb
language sql
immutable
return (
    select coalesce(jsonb_agg(k.key order by k.key), '[]')
    from jsonb_object_keys(coalesce(p_new, '{}') || p_old) as k (key)
    where p_new -> k.key is distinct from p_old -> k.key
);

comment on function automation_private.list_changed(jsonb, jsonb) is
    'The fields in which two rows differ; none when there is no old one.';
