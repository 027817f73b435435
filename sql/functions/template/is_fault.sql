create or replace function automation_private.is_fault(p_before jsonb, p_after jsonb)
returns boolean
language sql immutable
return p_after is null and p_before is not null and p_before <> '[]';

comment on function automation_private.is_fault(jsonb, jsonb) is
    'Whether a filter could not use its value: it returned nothing, and not because there was '
    'nothing.';
