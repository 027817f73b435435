create or replace function automation_private.start_children(
    p_visits automation_private.visit[],
    out p_tokens automation_private.token[],
    out p_outcomes automation_private.outcome[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_requests automation_private.start_request[] := automation_private.request_children(p_visits);
    v_new automation_private.token[] := automation_private.insert_instances(
        array(select r from unnest(v_requests) as r where r.error is null), null
    );
begin
    p_tokens := array(select t from unnest(v_new) as t where t.root_id <> t.instance_id);
    perform automation_private.postpone_tokens(array(
        select t from unnest(v_new) as t where t.root_id = t.instance_id
    ));
    p_outcomes := array(
        select (
            v.org_id, v.instance_id, v.root_id, v.step_id,
            case when r.error is null then 'completed' else 'failed' end,
            case
                when r.error is null then jsonb_build_object(
                    'instance_id', r.instance_id, 'status', 'running'
                )
            end,
            r.error, 0, null
        )::automation_private.outcome
        from unnest(v_requests) as r
        inner join unnest(p_visits) with ordinality as v on r.item = v.ordinality
        where r.error is not null or (r.lineage).root_id is null
        order by r.item
    );
end;
$$;

comment on function automation_private.start_children(automation_private.visit[]) is
    'Starts sub-workflows: the tokens of those that are waited for go on in this walk, in the '
    'family of their parent; the others begin with the next tick. Outcomes: of steps that do not '
    'wait, and of those whose sub-workflow could not be started.';
