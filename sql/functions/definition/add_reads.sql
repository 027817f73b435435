create or replace function automation_private.add_reads(
    p_step automation_private.compiled_step,
    p_reads text[],
    p_pointer text,
    p_role text default 'reads'
)
returns automation_private.compiled_step
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    p_step.links := p_step.links || array(
        select (p_role, r.name, p_pointer)::automation_private.step_link
        from unnest(p_reads) as r (name)
    );
    return p_step;
end;
$$;

comment on function automation_private.add_reads(
    automation_private.compiled_step, text[], text, text
) is
    'The step with links to the parts of the context that something in it reads.';
