create or replace function automation_private.read_webhook_body(p_body text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_body jsonb;
begin
    if coalesce(p_body, '') ~ '^\s*$' then
        return '{}'::jsonb;
    end if;
    v_body := p_body::jsonb;
    return case jsonb_typeof(v_body)
        when 'object' then v_body
        else jsonb_build_object('body', v_body)
    end;
exception when data_exception or statement_too_complex then
    raise exception using
        errcode = 'MA001',
        message = 'the body of the message is no JSON',
        hint = 'pass the body as it came, in UTF-8, without the character U+0000';
end;
$$;

comment on function automation_private.read_webhook_body(text) is
    'The body of a webhook''s message as the row of an event: an object as it is, nothing as an '
    'empty one, anything else as {"body": …}. Raises MA001 when it is no JSON.';
