create or replace function automation_private.render_key(
    p_key jsonb,
    p_trigger jsonb,
    p_at timestamptz
)
returns text
language sql
stable
return (
    select left((r.rendered).value #>> '{}', 500)
    from (
        select automation_private.render(
            p_key -> 'value', nullif(p_key -> 'bindings', 'null'),
            jsonb_build_object('trigger', p_trigger), p_at, 'UTC'
        ) as rendered
    ) as r
    where (r.rendered).error is null
);

comment on function automation_private.render_key(jsonb, jsonb, timestamptz) is
    'What a key is for an event; null when the event has nothing of the kind.';
