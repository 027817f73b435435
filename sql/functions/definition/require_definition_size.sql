create or replace function automation_private.require_definition_size(p_definition jsonb)
returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_definition is null then
        raise exception using
            errcode = 'MA001',
            message = 'a definition is needed',
            hint = 'an object with "steps", for example {"steps": [{"id": "end", "type": "stop"}]}';
    end if;
    if octet_length(p_definition::text) > 262144 then
        raise exception using
            errcode = 'MA003',
            message = 'the definition is larger than 256 KiB',
            detail = format('%s bytes', octet_length(p_definition::text));
    end if;
    if jsonb_path_exists(p_definition, '$.**{33}') then
        raise exception using
            errcode = 'MA003',
            message = 'the definition is nested more than 32 levels deep';
    end if;
end;
$$;

comment on function automation_private.require_definition_size(jsonb) is
    'Raises MA001 without a definition and MA003 when it is larger than 256 KiB or deeper than '
    '32.';
