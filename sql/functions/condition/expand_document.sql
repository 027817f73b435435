create or replace function automation_private.expand_document(p_org_id uuid, p_document jsonb)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sets jsonb;
    v_path text[];
    v_node jsonb;
    v_size int := 0;
begin
    if not automation_private.has_references(p_document) then
        return p_document;
    end if;
    perform automation_private.require_definition_size(p_document);
    v_sets := automation_private.find_condition_sets(
        p_org_id, automation_private.document_references(p_document));
    for v_path, v_node in
        select p.path, p.node
        from automation_private.condition_places(p_document) as p
        where automation_private.has_references(p.node)
    loop
        v_node := automation_private.expand_node(v_node, v_sets, '{}', 1);
        p_document := jsonb_set(p_document, v_path, v_node);
        v_size := v_size + octet_length(v_node::text);
        -- no document is allowed to be that large
        exit when v_size > 2097152;
    end loop;
    return p_document;
end
$$;

comment on function automation_private.expand_document(uuid, jsonb) is
'A rule or a definition with the organisation''s condition sets in the place of references to
them.';
