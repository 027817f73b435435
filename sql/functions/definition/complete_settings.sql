create or replace function automation_private.complete_settings(p_settings jsonb)
returns jsonb
language sql
immutable
return jsonb_strip_nulls(jsonb_build_object(
    'timeout', automation_private.canonical_duration(p_settings ->> 'timeout'),
    'on_failure', coalesce(p_settings -> 'on_failure', '"fail"'),
    'max_activations', coalesce(p_settings -> 'max_activations', '10000'),
    'max_depth', coalesce(p_settings -> 'max_depth', '5'),
    'timezone', p_settings -> 'timezone',
    'mode', p_settings -> 'mode',
    'mode_key', p_settings -> 'mode_key'
));

comment on function automation_private.complete_settings(jsonb) is
    'Sound settings with their defaults; timeout and timezone are absent when they are not set.';
