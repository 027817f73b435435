create type automation_private.past_event as (
    event_id bigint,
    at timestamptz,
    row_key text,
    is_heard boolean,
    holds boolean,
    verdict text,
    missed int,
    keys text[],
    sample jsonb
);

comment on type automation_private.past_event is
    'What a rule makes of a recorded event before the gate.';
comment on column automation_private.past_event.row_key is
    'The row of a watched table that it is about; null when nothing asks for it again.';
comment on column automation_private.past_event.verdict is
    'Why it does not come to the gate; null when it does.';
comment on column automation_private.past_event.missed is
    'The only comparison that failed.';
comment on column automation_private.past_event.keys is
    'The gate''s key, then what each limit with a key counts by, then what a threshold watches.';
