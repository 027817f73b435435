create or replace function automation_private.patch_variables(p_variables jsonb, p_patch jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_patched constant jsonb := p_variables || p_patch;
begin
    if jsonb_typeof(p_patch) is distinct from 'object' then
        raise exception using
            errcode = 'MA001',
            message = 'a patch is an object: variables with their new values',
            detail = format('got %s', coalesce(jsonb_typeof(p_patch), 'null'));
    end if;
    perform automation_private.require_value(v.value) from jsonb_each(p_patch) as v;
    if pg_column_size(v_patched) > 262144 then
        raise exception using
            errcode = 'MA003',
            message = 'the variables would be larger than 256 KiB';
    end if;
    return v_patched;
end;
$$;

comment on function automation_private.patch_variables(jsonb, jsonb) is
    'Variables with a patch laid over them.';
