create or replace function automation_private.render_key(
    p_key jsonb,
    p_trigger jsonb,
    p_at timestamptz
)
returns text
language sql
stable
return (
    -- a long one is told apart by its hash
    select case
        when length(k.key) <= 200 then k.key
        else left(k.key, 150) || '#' || md5(k.key)
    end
    from (
        select nullif((r.rendered).value #>> '{}', '') as key
        from (
            select automation_private.render(
                p_key -> 'value', nullif(p_key -> 'bindings', 'null'),
                jsonb_build_object('trigger', p_trigger), p_at, 'UTC'
            ) as rendered
        ) as r
        where (r.rendered).error is null
    ) as k
);

comment on function automation_private.render_key(jsonb, jsonb, timestamptz) is
    'What a key is for an event; null when the event has nothing of the kind.';
