create or replace function automation_private.releasable(
    p_pause automation.org_pauses,
    p_now timestamptz
)
returns int
language sql
stable
return (
    select case
        -- what a tick that did not know of the end has set aside afterwards is in no count
        when p_now >= p_pause.resumed_at + s.spread then null
        else greatest(
            0,
            ceil(
                p_pause.overdue * extract(epoch from p_now - p_pause.resumed_at)
                / extract(epoch from s.spread)
            ) - p_pause.released
        )
    end
    from (
        select least(p_pause.overdue * interval '50 ms', interval '10 minutes') as spread
    ) as s
)::int;

comment on function automation_private.releasable(automation.org_pauses, timestamptz) is
    'How many overdue timers of a resumed organisation may be let go now: 20 a second, or as many '
    'as it takes to be through in ten minutes. Null: all.';
