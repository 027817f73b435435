create or replace function automation_private.guess_targets(
    p_steps automation_private.compiled_step[],
    p_targets jsonb
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_missing text[] := array(
        select distinct m.id
        from (
            select coalesce(substring(l.target from '^(?:steps|status)\.(.*)$'), l.target) as id
            from unnest(p_steps) as s
            cross join unnest(s.links) as l
            where l.role not like 'reads%' or l.target ~ '^(steps|status)\.'
        ) as m
        where not p_targets ? m.id and length(m.id) > 2
        order by m.id
    );
begin
    if v_missing = '{}' then
        return '{}'::jsonb;
    end if;
    -- ten typing errors are worth a guess each, among ids that begin or end alike; more are none
    return (
        select coalesce(jsonb_object_agg(g.id, g.guess) filter (where g.guess is not null), '{}')
        from (
            select
                m.id,
                automation_private.suggest_word(m.id, array(
                    select k.id
                    from jsonb_object_keys(p_targets) as k (id)
                    where left(k.id, 1) = left(m.id, 1) or right(k.id, 1) = right(m.id, 1)
                    order by
                        (left(k.id, 3) = left(m.id, 3) or right(k.id, 3) = right(m.id, 3)) desc,
                        abs(length(k.id) - length(m.id)), k.id
                    limit 20
                )) as guess
            from unnest(v_missing[:10]) as m (id)
        ) as g
    );
end;
$$;

comment on function automation_private.guess_targets(automation_private.compiled_step[], jsonb) is
    'For ids that no step has, as an object: the id that was probably meant.';
