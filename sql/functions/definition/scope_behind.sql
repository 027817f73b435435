create or replace function automation_private.scope_behind(
    p_scopes int[],
    p_merges int[],
    p_step int
)
returns int
language sql
immutable
return case
    when p_merges[p_step] is not null and p_scopes[p_step] > 0 then p_scopes[p_scopes[p_step]]
    else p_scopes[p_step]
end;

comment on function automation_private.scope_behind(int[], int[], int) is
    'The scope in which a token is behind a step: a merge has closed the one it stands in.';
