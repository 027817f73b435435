create or replace function automation_private.append_pointer(p_pointer text, p_key text)
returns text
language sql immutable
return p_pointer || '/' || replace(replace(p_key, '~', '~0'), '/', '~1');

comment on function automation_private.append_pointer(text, text) is
    'The JSON pointer one key (or list position) below another pointer.';
