create or replace function automation_private.bind_derived(p_spec jsonb)
returns jsonb
language sql immutable
return jsonb_build_object(
    'path', format('$"v%s"', left(md5(p_spec::text), 12)),
    'derived', jsonb_build_object('v' || left(md5(p_spec::text), 12), p_spec)
);

comment on function automation_private.bind_derived(jsonb) is
'A derived value as {path, derived}: the variable that stands for it, named after its content, and
how it is computed.';
