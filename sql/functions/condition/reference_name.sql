create or replace function automation_private.reference_name(p_node jsonb)
returns text
language sql immutable
return case
    when jsonb_typeof(p_node) = 'object' and jsonb_typeof(p_node -> 'ref') = 'string'
        and not exists (
            select from jsonb_object_keys(p_node) as k where k not in ('ref', 'ui') and k !~ '^x-'
        ) then p_node ->> 'ref'
end;

comment on function automation_private.reference_name(jsonb) is
'The condition set that a node refers to; null when the node is no reference, or a malformed one.';
