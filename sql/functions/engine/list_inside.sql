create or replace function automation_private.list_inside(
    p_org_id uuid,
    p_instance_id uuid,
    p_scope_id uuid
)
returns setof automation.workflow_steps
language sql
stable
begin atomic
    -- "offset 0": by the index of scopes, whatever the statistics suggest, or each turn of a loop
    -- would read all that its instance has done
    select s.* -- noqa: AM04
    from (
        select x.*
        from automation.workflow_steps as x
        where x.scope_id = p_scope_id and x.scope_id <> x.instance_id
        offset 0
    ) as s
    where s.org_id = p_org_id and s.instance_id = p_instance_id;
end;

comment on function automation_private.list_inside(uuid, uuid, uuid) is
    'The activations that live in an activation, open or not, without those further inside.';
