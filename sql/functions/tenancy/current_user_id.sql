create or replace function automation.current_user_id()
returns uuid
language sql
stable
return automation_private.setting_as_uuid('app.current_user_id');

comment on function automation.current_user_id() is
    'The user that app.current_user_id claims; null when none is named.';
