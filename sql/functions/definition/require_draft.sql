create or replace function automation_private.require_draft(p_definition jsonb)
returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.require_definition_size(p_definition);
    if jsonb_typeof(p_definition) <> 'object' then
        raise exception using
            errcode = 'MA001',
            message = 'a definition must be a JSON object',
            detail = format('got a JSON %s', jsonb_typeof(p_definition)),
            hint = 'for example {"steps": [{"id": "end", "type": "stop"}]}';
    end if;
end;
$$;

comment on function automation_private.require_draft(jsonb) is
    'Raises MA001 or MA003 unless the definition is sound enough to be kept as a draft: an object '
    'within the limits of size and depth.';
