create or replace function automation_private.claim_pending(p_limit int)
returns automation_private.pending_actions[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_heads automation_private.pending_actions[] := automation_private.pending_heads();
    v_orgs uuid[];
    v_chosen automation_private.pending_actions[];
    v_claimed automation_private.pending_actions[];
begin
    if cardinality(v_heads) = 0 then
        return v_heads;
    end if;

    v_orgs := automation_private.lock_fillable_orgs(
        array(select distinct h.org_id from unnest(v_heads) as h)
    );
    if cardinality(v_orgs) = 0 then
        return '{}'::automation_private.pending_actions[];
    end if;
    perform automation_private.note_starts(v_orgs, v_now);
    v_chosen := automation_private.choose_pending(v_heads, v_orgs, p_limit, v_now);

    -- one that is locked is just being cancelled
    with claimed as materialized (
        select p.org_id, p.step_id, c.ordinality
        from unnest(v_chosen) with ordinality as c
        inner join automation_private.pending_actions as p
            on p.org_id = c.org_id and p.step_id = c.step_id
        for update of p skip locked
    ),

    removed as (
        delete from automation_private.pending_actions as p
        using claimed as c
        where p.org_id = c.org_id and p.step_id = c.step_id
    )

    select array_agg(v_chosen[c.ordinality] order by c.ordinality) into v_claimed
    from claimed as c;
    return coalesce(v_claimed, '{}');
end;
$$;

comment on function automation_private.claim_pending(int) is
    'Takes the pending actions whose turn it is. The queue of an organisation is filled by one '
    'session at a time, which alone counts against the limits.';
