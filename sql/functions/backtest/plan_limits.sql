create or replace function automation_private.plan_limits(p_limits jsonb, p_timezone text)
returns table (
    place bigint,
    setting jsonb,
    verdict text,
    most int,
    source int,
    length interval,
    kind text,
    zone text
)
language sql
stable
begin atomic
    -- limits that count the same are one, of which the strictest holds
    with counter as (
        select distinct on (
            l.value ->> 'scope' = 'org', l.value ->> 'scope' = 'subject', l.value ->> 'per',
            coalesce(l.value ->> 'timezone', p_timezone), l.value #> '{key,value}'
        )
            l.value as setting, l.ordinality, l.keys,
            coalesce(l.value ->> 'timezone', p_timezone) as zone,
            -- a day of a rolling window has 24 hours
            make_interval(secs => extract(
                epoch from automation_private.parse_duration(substr(l.value ->> 'per', 9))
            )) as length
        from (
            select x.*, count(x.value -> 'key') over (order by x.ordinality)::int as keys
            from jsonb_array_elements(p_limits) with ordinality as x
        ) as l
        where l.value ->> 'max' is not null
        order by
            l.value ->> 'scope' = 'org', l.value ->> 'scope' = 'subject', l.value ->> 'per',
            coalesce(l.value ->> 'timezone', p_timezone), l.value #> '{key,value}',
            (l.value ->> 'max')::int, l.ordinality
    )

    select
        row_number() over (
            order by coalesce(c.length, ('1 ' || (c.setting ->> 'per'))::interval) desc,
            c.ordinality
        ),
        jsonb_strip_nulls(c.setting || jsonb_build_object('key', c.setting #> '{key,value}')),
        case
            when c.setting ->> 'on_hit' = 'defer' and c.setting ->> 'max' <> '0' then 'deferred'
            else 'limit_reached'
        end,
        (c.setting ->> 'max')::int,
        case
            when c.setting ? 'key' then 1 + c.keys
            when c.setting ->> 'scope' = 'subject' then 1
            else 0
        end,
        c.length,
        case when c.length is null then c.setting ->> 'per' else 'span' end,
        c.zone
    from counter as c;
end;

comment on function automation_private.plan_limits(jsonb, text) is
    'The limits of a gate as checks of a backtest. Of several without room the one whose window '
    'ends last says what becomes of a firing, so longer ones come first.';
