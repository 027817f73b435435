create or replace function automation_private.check_alias(p_loop jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_loop ->> 'as' = any (array[
        'trigger', 'input', 'vars', 'steps', 'status', 'loop', 'run', 'org', 'now', 'secrets'
    ]) then
        return automation_private.build_error(
            p_pointer || '/as', 'reserved_name',
            format('"%s" has a meaning of its own already', p_loop ->> 'as'),
            'give the item another name, such as "item"'
        );
    end if;
    return automation_private.check_key_name(p_loop, 'as', p_pointer);
end;
$$;

comment on function automation_private.check_alias(jsonb, text) is
    'The error of the name that a loop gives to its item.';
