create or replace function automation_private.setting_as_uuid(p_setting text)
returns uuid
language sql
stable
return case
    when current_setting(p_setting, true)
        ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
        then current_setting(p_setting, true)::uuid
end;

comment on function automation_private.setting_as_uuid(text) is
    'The setting as a uuid; null when it is unset, empty or anything else.';
