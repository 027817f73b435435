create or replace function automation_private.leave_instances(
    p_ended automation_private.ending[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_left automation_private.ending[];
    v_outcomes automation_private.outcome[];
begin
    -- what has failed may be retried from where it stands, with what it had begun
    v_left := array(
        select e
        from unnest(p_ended) as e
        inner join automation.workflow_instances as i
            on i.org_id = e.org_id and i.instance_id = e.instance_id
        inner join automation.workflow_definitions as d
            on d.org_id = i.org_id and d.definition_id = i.definition_id
        where e.status <> 'failed'
            and e.reason is distinct from 'parent_ended'
            and (d.features <> '{}' or i.paused_at is not null)
    );
    if cardinality(v_left) > 0 then
        perform automation_private.forget_instances(
            v_left || automation_private.cancelled_children(v_left)
        );
    end if;
    -- whoever has no parent says that all of it has ended
    if not false = any (array(select e.all_tokens_ended from unnest(p_ended) as e)) then
        return '{}'::automation_private.token[];
    end if;
    v_outcomes := automation_private.report_children(array(
        select e from unnest(p_ended) as e where not e.all_tokens_ended
    ));
    return automation_private.settle_steps(v_outcomes);
end;
$$;

comment on function automation_private.leave_instances(automation_private.ending[]) is
    'Clears up behind instances that have ended and tells their parents.';
