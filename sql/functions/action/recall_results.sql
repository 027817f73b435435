create or replace function automation_private.recall_results(
    p_visits automation_private.visit[]
)
returns automation_private.visit[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_visit automation_private.visit;
    v_visits automation_private.visit[] := '{}'::automation_private.visit[];
    v_kept automation_private.result_cache;
begin
    foreach v_visit in array p_visits loop
        if v_visit.error is null
            and v_visit.runs in ('external', 'native')
            and v_visit.value ? 'cache'
        then
            select c.* into v_kept
            from automation_private.result_cache as c
            where c.org_id = v_visit.org_id
                and c.action = v_visit.action
                and c.key_hash = automation_private.hash_cache_key(
                    v_visit.action, v_visit.value #> '{cache,key}'
                )
                and c.expires_at > v_now
                and exists (
                    select from automation.workflow_definition_steps as d
                    where d.org_id = v_visit.org_id
                        and d.definition_id = v_visit.definition_id
                        and d.step_order = v_visit.step_order
                        and d.options ? 'cache'
                )
            order by c.expires_at desc
            limit 1;
            if found then
                v_visit.runs := 'cached';
                v_visit.branch := 'cached';
                v_visit.timeout := null;
                v_visit.value := v_visit.value || jsonb_build_object('output', v_kept.output);
            end if;
        end if;
        v_visits := v_visits || v_visit;
    end loop;
    return v_visits;
end;
$$;

comment on function automation_private.recall_results(automation_private.visit[]) is
    'The visits, with actions whose result is at hand turned into steps that are done with it.';
