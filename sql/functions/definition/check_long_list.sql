create or replace function automation_private.check_long_list(
    p_object jsonb,
    p_key text,
    p_most int,
    p_pointer text
)
returns jsonb
language sql
immutable
return case
    when jsonb_typeof(p_object -> p_key) = 'array'
        and jsonb_array_length(p_object -> p_key) > p_most
        then automation_private.build_error(
            automation_private.append_pointer(p_pointer, p_key), 'out_of_range',
            format('"%s" must have at most %s entries', p_key, p_most)
        )
    else automation_private.check_key_list(p_object, p_key, p_pointer)
end;

comment on function automation_private.check_long_list(jsonb, text, int, text) is
    'The error of a key that must hold a list with something in it, but not too much.';
