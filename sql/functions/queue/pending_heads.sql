create or replace function automation_private.pending_heads()
returns automation_private.pending_actions[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        -- the recursion hops from one to the next, so that a long backlog is never scanned
        with recursive head as (
            (
                select p.*
                from automation_private.pending_actions as p
                order by p.org_id, p.action, p.step_id
                limit 1
            )
            union all
            select n.*
            from head as h
            cross join lateral (
                select p.*
                from automation_private.pending_actions as p
                where (p.org_id, p.action) > (h.org_id, h.action)
                order by p.org_id, p.action, p.step_id
                limit 1
            ) as n
        )

        select h::automation_private.pending_actions from head as h
    );
end;
$$;

comment on function automation_private.pending_heads() is
    'The oldest pending action of each name in each organisation.';
