create or replace function automation_private.collect_errors(variadic p_errors jsonb[])
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_all jsonb;
    v_some jsonb;
begin
    foreach v_some in array coalesce(p_errors, '{}') loop
        if v_some is not null then
            v_all := coalesce(v_all, '[]') || v_some;
        end if;
    end loop;
    return v_all;
end;
$$;

comment on function automation_private.collect_errors(jsonb[]) is
    'One list of all the errors given, each null, one error or a list; null when there are none.';
