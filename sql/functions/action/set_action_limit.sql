create or replace function automation.set_action_limit(
    p_action text,
    p_max_in_flight int default null,
    p_max_starts int default null,
    p_per interval default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('admin');
    v_per interval;
begin
    perform automation_private.require_limit_form(p_action, p_max_in_flight, p_max_starts, p_per);
    v_per := make_interval(secs => extract(epoch from p_per));
    insert into automation.action_limits as l (
        org_id, limit_key, max_in_flight, max_starts, per
    )
    values (v_org, p_action, p_max_in_flight, p_max_starts, v_per)
    on conflict (org_id, limit_key) do update
        set
            max_in_flight = excluded.max_in_flight,
            max_starts = excluded.max_starts,
            per = excluded.per,
            updated_at = greatest(
                automation_private.clock(), l.updated_at + interval '1 microsecond'
            );
    perform automation_private.adopt_messages(v_org, p_action);
    perform automation_private.record_audit(
        v_org, 'set_action_limit', 'action', null,
        jsonb_build_object(
            'action', p_action, 'max_in_flight', p_max_in_flight, 'max_starts', p_max_starts,
            'per', v_per
        )
    );
end;
$$;

comment on function automation.set_action_limit(text, int, int, interval) is
    'Limits how many actions of a name, or all of a provider ("provider:<name>"), may be in the '
    'queue or with a worker at once, and how many may be started within any time of the length '
    'p_per. Null is unlimited, 0 is never. What is above a limit waits, the oldest goes first. '
    'Replaces what was set before. Needs admin.';
