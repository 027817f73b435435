create or replace function automation_private.refuse_step(
    p_instance_id uuid,
    p_step text,
    p_message text,
    p_hint text default null
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception using
        errcode = 'MA106',
        message = p_message,
        detail = format('step %s of instance %s', p_step, p_instance_id),
        hint = coalesce(p_hint, '');
end;
$$;

comment on function automation_private.refuse_step(uuid, text, text, text) is
    'Raises MA106: the step is not in a state in which this can be done to it.';
