create or replace function automation_private.announce_limit(
    p_firing automation_private.firing,
    p_details jsonb,
    p_reset_at timestamptz
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.notify_owner(
        p_firing.org_id, p_firing.listener_id, 'limit_reached',
        format(
            'a limit of %s per %s is reached', p_details #>> '{limit,max}',
            p_details #>> '{limit,per}'
        ),
        p_details,
        concat_ws(
            '|', 'limit', p_firing.listener_id, p_details ->> 'limit',
            case
                -- a rolling window has no end of its own: one a window's length
                when p_details #>> '{limit,per}' like 'rolling %' then floor(
                    extract(epoch from p_reset_at) / extract(
                        epoch from automation_private.parse_duration(
                            substr(p_details #>> '{limit,per}', 9)
                        )
                    )
                )::text
                else p_details ->> 'reset_at'
            end
        )
    );
end;
$$;

comment on function automation_private.announce_limit(
    automation_private.firing, jsonb, timestamptz
) is
    'Tells a rule''s owner that a limit is reached, once per window.';
