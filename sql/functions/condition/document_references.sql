create or replace function automation_private.document_references(p_document jsonb)
returns text[]
language sql immutable
begin atomic
    select coalesce(array_agg(distinct n.name), '{}')
    from automation_private.condition_places(
        case when automation_private.has_references(p_document) then p_document end
    ) as p
    cross join lateral unnest(automation_private.list_references(p.node)) as n (name);
end;

comment on function automation_private.document_references(jsonb) is
'The condition sets that a rule or a definition refers to by itself.';
