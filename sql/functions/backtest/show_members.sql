create or replace function automation_private.show_members(
    p_org_id uuid,
    p_past automation_private.past,
    p_first int,
    p_last int
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_keys constant int := cardinality(p_past.group_counts);
    v_events constant bigint[] := array(
        select e.event_id
        from unnest(
            p_past.events[p_first:p_last], p_past.verdicts[p_first:p_last]
        ) with ordinality as e (event_id, verdict, n)
        where e.verdict is null
            and p_past.groups[(p_first + e.n::int - 2) * v_keys + 1]
                = p_past.groups[(p_last - 1) * v_keys + 1]
        order by e.n
    );
begin
    return automation_private.list_gathered(
        p_org_id, automation_private.fitting_events(p_org_id, v_events), cardinality(v_events)
    );
end;
$$;

comment on function automation_private.show_members(
    uuid, automation_private.past, int, int
) is
    'What a run sees of the events that it stands for: those of its key from the first to the '
    'last.';
