create or replace function automation_private.rolling_back(
    p_tokens automation_private.token[]
)
returns uuid[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- most of the time nothing is
    if not exists (select from automation_private.rollbacks) then
        return '{}'::uuid[];
    end if;
    return array(
        select r.boundary_id
        from unnest(p_tokens) as t
        cross join lateral (
            select x.boundary_id
            from automation_private.rollbacks as x
            where x.org_id = t.org_id
                and x.instance_id = t.instance_id
                and x.boundary_id = t.scope_id
            offset 0
        ) as r
    );
end;
$$;

comment on function automation_private.rolling_back(automation_private.token[]) is
    'The instances and scope steps in which these tokens stand and that are being rolled back: '
    'only compensations move in them.';
