create or replace function automation_private.is_secret_field(p_schema jsonb, p_at text[])
returns boolean
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schema jsonb := p_schema;
    v_part text;
begin
    foreach v_part in array p_at loop
        v_schema := coalesce(v_schema -> 'properties' -> v_part, v_schema -> 'items');
        if v_schema -> 'x-secret' = 'true' then
            return true;
        end if;
    end loop;
    return false;
end;
$$;

comment on function automation_private.is_secret_field(jsonb, text[]) is
    'Whether the schema of a config marks the value at this path, or what it lies in, as secret.';
