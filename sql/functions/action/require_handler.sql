create or replace function automation_private.require_handler(p_handler regprocedure)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_function record;
    v_fault text;
begin
    select p.oid, p.proname, n.nspname, p.pronamespace, p.proargtypes as types,
        p.prorettype, p.proretset, p.prokind
    into v_function
    from pg_proc as p
    inner join pg_namespace as n on p.pronamespace = n.oid
    where p.oid = p_handler;

    v_fault := case
        when v_function.oid is null then 'there is no such function'
        when v_function.prokind <> 'f' or v_function.proretset
            or v_function.prorettype <> 'jsonb'::regtype
            or v_function.types::text
            <> concat_ws(' ', 'jsonb'::regtype::oid, 'jsonb'::regtype::oid)
            then 'it must be a function (config jsonb, context jsonb) that returns jsonb'
        when 1 < (
            select count(*) from pg_proc as p
            where p.pronamespace = v_function.pronamespace and p.proname = v_function.proname
        ) then 'another function of its schema has the same name'
        when not has_schema_privilege('automation_actor', v_function.pronamespace, 'usage')
            or not has_function_privilege('automation_actor', v_function.oid, 'execute')
            then 'automation_actor may not execute it'
    end;
    if v_fault is not null then
        raise exception using
            errcode = 'MA001',
            message = format('the handler cannot be used: %s', v_fault),
            detail = format('handler %s', p_handler),
            hint = 'grant usage on its schema and execute on it to automation_actor';
    end if;
    return format('%I.%I', v_function.nspname, v_function.proname);
end;
$$;

comment on function automation_private.require_handler(regprocedure) is
    'The qualified name of a function that can run an action; raises MA001 when it cannot.';
