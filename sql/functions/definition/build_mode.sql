create or replace function automation_private.build_mode(p_settings jsonb)
returns jsonb
language sql
immutable
return case
    when p_settings ? 'mode' then jsonb_strip_nulls(jsonb_build_object(
        'mode', p_settings ->> 'mode',
        'needs_key', nullif(p_settings ? 'mode_key', true),
        'max', case when p_settings ->> 'mode' in ('queued', 'parallel') then 10 end,
        'key', automation_private.build_key(p_settings ->> 'mode_key')
    ))
    else '{}'
end;

comment on function automation_private.build_mode(jsonb) is
    'What a start of a template by its trigger has to pass when another run of its key is under '
    'way; nothing when its settings name no mode.';
