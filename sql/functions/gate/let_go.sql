create or replace function automation_private.let_go(
    p_request automation_private.gated_request
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_subject automation_private.firing_subjects;
begin
    -- an event about nobody ends nobody's run
    if p_request.key is null then
        return;
    end if;
    v_subject := automation_private.find_subject(
        (p_request.firing).org_id, (p_request.firing).listener_id, p_request.key
    );
    if cardinality(v_subject.running) > 0 then
        perform automation_private.end_runs(
            v_subject.org_id, v_subject.running,
            case (p_request.firing).kind when 'goal' then 'goal' else 'exit_criteria' end
        );
    end if;
end;
$$;

comment on function automation_private.let_go(automation_private.gated_request) is
    'Ends the runs of somebody who has reached a template''s goal or met its exit criteria.';
