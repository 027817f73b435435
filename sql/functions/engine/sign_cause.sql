create or replace function automation_private.sign_cause(p_instance text)
returns text
language sql
volatile
return (
    select p_instance || ':' || encode(sha256(convert_to(
        concat_ws('|', k.key, p_instance, pg_current_xact_id()), 'UTF8'
    )), 'hex')
    from automation_private.signing_keys as k
    where k.purpose = 'cause'
);

comment on function automation_private.sign_cause(text) is
    'The instance whose action runs, for the setting automation.cause: signed for this '
    'transaction, because anybody could make the setting.';
