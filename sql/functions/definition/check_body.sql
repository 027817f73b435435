create or replace function automation_private.check_body(p_step jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_step -> 'body' = 'null' then
        return automation_private.build_error(
            p_pointer || '/body', 'wrong_type', '"body" must name the first step of the body'
        );
    end if;
    return automation_private.check_one_of(p_step, array['body'], p_pointer);
end;
$$;

comment on function automation_private.check_body(jsonb, text) is
    'The error of a loop or scope without a body.';
