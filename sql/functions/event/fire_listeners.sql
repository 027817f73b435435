create or replace function automation_private.fire_listeners(
    p_firings automation_private.firing[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_requests automation_private.gated_request[];
    v_suppressed automation_private.firing[];
begin
    if exists (select from unnest(p_firings) as f where f.stage = 'threshold') then
        p_firings := automation_private.step_thresholds(p_firings);
    end if;
    if cardinality(p_firings) = 0 then
        return;
    end if;
    v_suppressed := array(select f from unnest(p_firings) as f where f.suppressed is not null);
    if cardinality(v_suppressed) > 0 then
        perform automation_private.record_suppressed(v_suppressed);
    end if;
    v_requests := automation_private.request_starts(array(
        select f from unnest(p_firings) as f where f.suppressed is null
    ));
    if exists (select from unnest(v_requests) as g where (g.request).error is not null) then
        perform automation_private.record_refused(array(
            select g.request from unnest(v_requests) as g where (g.request).error is not null
        ));
    end if;
    v_suppressed := automation_private.start_admitted(array(
        select g from unnest(v_requests) as g where (g.request).error is null
    ));
    if cardinality(v_suppressed) > 0 then
        perform automation_private.record_suppressed(v_suppressed);
    end if;
end;
$$;

comment on function automation_private.fire_listeners(automation_private.firing[]) is
    'Starts the rules and templates that fire and records those that are suppressed or cannot be '
    'started.';
