create or replace function automation_private.check_over(p_loop jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not p_loop ? 'over'
        or jsonb_typeof(p_loop -> 'over') = 'string' and p_loop ->> 'over' ~ '^\s*\{\{.*\}\}\s*$'
    then
        return null;
    elsif jsonb_typeof(p_loop -> 'over') = 'array' then
        return automation_private.check_key_list(p_loop, 'over', p_pointer);
    end if;
    return automation_private.build_error(
        p_pointer || '/over', 'wrong_type', '"over" must be a list, or a template that makes one',
        'such as "{{vars.leads}}"'
    );
end;
$$;

comment on function automation_private.check_over(jsonb, text) is
    'The error of a loop over something that cannot be a list.';
