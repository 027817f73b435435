create or replace function automation_private.has_references(p_document jsonb)
returns boolean
language sql immutable
return coalesce(jsonb_path_exists(p_document, '$.**{0 to 32}.ref'), false);

comment on function automation_private.has_references(jsonb) is
'False where there is surely no reference to a condition set; what is deeper is too deep anyway.';
