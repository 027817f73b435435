create or replace function automation_private.prepare_approval(
    p_visit automation_private.visit,
    p_options jsonb,
    p_now timestamptz
)
returns automation.approvals
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_value constant jsonb := p_visit.value;
    v_approval automation.approvals;
begin
    v_approval.org_id := p_visit.org_id;
    v_approval.step_id := p_visit.step_id;
    v_approval.instance_id := p_visit.instance_id;
    v_approval.root_id := p_visit.root_id;
    v_approval.step_key := p_visit.step_key;
    v_approval.status := 'open';
    v_approval.message := coalesce(
        left(nullif(btrim(v_value ->> 'message'), ''), 10000),
        'An approval is needed: ' || p_visit.step_key
    );
    v_approval.content := v_value -> 'content';
    v_approval.content_hash := automation_private.hash_content(
        v_approval.message, v_approval.content
    );
    v_approval.revision := 1 + coalesce((
        select a.revision
        from automation.approvals as a
        where a.org_id = p_visit.org_id and a.step_id = p_visit.step_id
    ), 0);
    v_approval.approvers := automation_private.read_approvers(v_value -> 'approvers');
    v_approval.escalations := (
        select coalesce(
            jsonb_agg(automation_private.read_approvers(e.value) order by e.ordinality), '[]'
        )
        from jsonb_array_elements(v_value -> 'escalate') with ordinality as e
    );
    v_approval.level := 0;
    v_approval.required := (p_options ->> 'required')::int;
    v_approval.allow_self := (p_options ->> 'allow_self')::boolean;
    v_approval.takes_changes := (p_options ->> 'takes_changes')::boolean;
    v_approval.on_timeout := p_options ->> 'on_timeout';
    v_approval.requested_at := p_now;
    v_approval.due_at := p_now + p_visit.timeout;
    -- whoever started the family asks, also from within a sub-workflow
    v_approval.requested_by := (
        select coalesce(i.triggered_by, r.triggered_by)
        from automation.workflow_instances as i
        inner join automation.workflow_instances as r
            on i.org_id = r.org_id and i.root_id = r.instance_id
        where i.org_id = p_visit.org_id and i.instance_id = p_visit.instance_id
    );
    v_approval.awaited := '{}';
    v_approval.approvals := 0;
    if v_approval.approvers is null or v_approval.escalations @> '[null]' then
        return v_approval;
    end if;
    return automation_private.climb_levels(v_approval, 0);
end;
$$;

comment on function automation_private.prepare_approval(
    automation_private.visit, jsonb, timestamptz
) is
    'What an approval step just entered asks, and of whom.';
