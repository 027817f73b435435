create or replace function automation_private.start_admitted(
    p_requests automation_private.gated_request[]
)
returns automation_private.firing[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request automation_private.gated_request;
    v_subject text;
    v_subjects text[] := '{}'::text[];
    v_starts automation_private.start_request[] := '{}'::automation_private.start_request[];
    v_held automation_private.firing[] := '{}'::automation_private.firing[];
begin
    -- one after the other, because each one's place depends on those before
    foreach v_request in array p_requests loop
        if (v_request.firing).kind in ('goal', 'exit') then
            -- who has just been let in may have reached the goal already
            perform automation_private.start_apart(v_starts);
            v_starts := '{}'::automation_private.start_request[];
            perform automation_private.let_go(v_request);
            continue;
        end if;
        v_subject := (v_request.firing).listener_id || '/' || coalesce(v_request.key, '');
        -- whether the run before of the same key is over shows when it has begun
        if v_subject = any (v_subjects) and v_request.gate ?| '{mode,reenrol}'
            and not (v_request.key is null and v_request.gate ? 'needs_key')
        then
            perform automation_private.start_apart(v_starts);
            v_starts := '{}'::automation_private.start_request[];
            v_subjects := '{}'::text[];
        end if;
        v_request := automation_private.admit_request(v_request, automation_private.clock());
        if (v_request.firing).suppressed is null then
            v_starts := v_starts || v_request.request;
            v_subjects := v_subjects || v_subject;
        elsif (v_request.firing).suppressed <> 'waits' then
            v_held := v_held || v_request.firing;
        end if;
    end loop;
    perform automation_private.start_apart(v_starts);
    return v_held;
end;
$$;

comment on function automation_private.start_admitted(automation_private.gated_request[]) is
    'Starts what the gate lets through and returns what it does not, with the reasons; what waits '
    'is neither. Ends the runs of those who have reached a goal. The caller holds the '
    'organisations'' feeds.';
