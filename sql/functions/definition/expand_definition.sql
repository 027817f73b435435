create or replace function automation_private.expand_definition(
    p_org_id uuid,
    p_definition jsonb,
    p_template_id uuid default null
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_expanded constant jsonb := automation_private.expand_document(p_org_id, p_definition);
begin
    if v_expanded <> p_definition and octet_length(v_expanded::text) > 262144 then
        raise exception using
            errcode = 'MA003',
            message = 'with its condition sets written out the definition is larger than 256 KiB',
            detail = format('%s bytes', octet_length(v_expanded::text)),
            hint = 'decide once, in a condition step, and read steps.<id>.result afterwards';
    end if;
    return automation_private.pin_templates(p_org_id, v_expanded, p_template_id);
end;
$$;

comment on function automation_private.expand_definition(uuid, jsonb, uuid) is
    'A definition with the organisation''s condition sets in the place of references to them and '
    'its sub-workflows pinned to versions; raises MA003 when that is too large. p_template_id: the '
    'template that it is the draft of.';
