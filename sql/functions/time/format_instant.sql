create or replace function automation_private.format_instant(p_at timestamptz, p_timezone text)
returns text
language sql
stable
return to_char(p_at at time zone p_timezone, 'YYYY-MM-DD"T"HH24:MI:SS.MS')
    || case when (p_at at time zone p_timezone) < (p_at at time zone 'UTC') then '-' else '+' end
    || to_char(
        greatest(
            (p_at at time zone p_timezone) - (p_at at time zone 'UTC'),
            (p_at at time zone 'UTC') - (p_at at time zone p_timezone)
        ),
        'HH24:MI'
    );

comment on function automation_private.format_instant(timestamptz, text) is
    'An instant as ISO 8601 text with milliseconds and the zone''s offset.';
