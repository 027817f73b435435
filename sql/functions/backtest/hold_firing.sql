create or replace function automation_private.hold_firing(
    p_verdict text,
    p_was text,
    p_since timestamptz,
    p_due timestamptz,
    p_queued int,
    p_queue_most int
)
returns text
language sql
immutable
return case
    -- who waits for a run to end has passed the cooldown already
    when p_verdict = 'cooldown' and p_was = 'queued' then 'fires'
    when p_verdict = 'deferred' and p_due > p_since + interval '72 hours' then 'expired'
    when p_verdict = 'queued' and p_queued + 1 >= p_queue_most then 'queue_full'
    else p_verdict
end;

comment on function automation_private.hold_firing(
    text, text, timestamptz, timestamptz, int, int
) is
    'What becomes of a firing for which there is no place before p_due: it may wait no longer than '
    'three days, and only so many in one queue, the run before them included.';
