create or replace function automation_private.end_enrolled(
    p_firings automation_private.firing[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request automation_private.gated_request;
    v_subject automation_private.firing_subjects;
begin
    foreach v_request in array automation_private.request_starts(p_firings) loop
        v_subject := automation_private.find_subject(
            (v_request.firing).org_id, (v_request.firing).listener_id,
            coalesce(v_request.key, '')
        );
        if cardinality(v_subject.running) > 0 then
            perform automation_private.end_runs(
                v_subject.org_id, v_subject.running,
                case (v_request.firing).kind when 'goal' then 'goal' else 'exit_criteria' end
            );
        end if;
    end loop;
end;
$$;

comment on function automation_private.end_enrolled(automation_private.firing[]) is
    'Ends the instances of those who have reached their template''s goal or met its exit '
    'criteria.';
