create or replace function automation_private.expand_condition(
    p_org_id uuid, p_node jsonb, p_path text[] default '{}'
)
returns jsonb
language sql stable
return case
    when automation_private.has_references(p_node) and octet_length(p_node::text) <= 262144
        then automation_private.expand_node(
            p_node,
            automation_private.find_condition_sets(
                p_org_id, automation_private.list_references(p_node)
            ),
            p_path,
            1
        )
    else p_node
end;

comment on function automation_private.expand_condition(uuid, jsonb, text[]) is
'A condition with the organisation''s condition sets in the place of references to them. p_path: the
sets that it is part of. The compiler reports what could not be replaced.';
