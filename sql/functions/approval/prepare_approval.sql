create or replace function automation_private.prepare_approval(
    p_visit automation_private.visit,
    p_options jsonb,
    p_now timestamptz,
    out p_approval automation.approvals,
    out p_error jsonb
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_value constant jsonb := p_visit.value;
begin
    p_approval.org_id := p_visit.org_id;
    p_approval.step_id := p_visit.step_id;
    p_approval.instance_id := p_visit.instance_id;
    p_approval.root_id := p_visit.root_id;
    p_approval.step_key := p_visit.step_key;
    p_approval.status := 'open';
    p_approval.message := coalesce(
        left(nullif(btrim(v_value ->> 'message'), ''), 10000),
        'An approval is needed: ' || p_visit.step_key
    );
    p_approval.content := v_value -> 'content';
    p_approval.content_hash := automation_private.hash_content(
        p_approval.message, p_approval.content
    );
    p_approval.revision := 1 + coalesce((
        select a.revision
        from automation.approvals as a
        where a.org_id = p_visit.org_id and a.step_id = p_visit.step_id
    ), 0);
    p_approval.approvers := automation_private.read_approvers(v_value -> 'approvers');
    p_approval.escalations := (
        select coalesce(
            jsonb_agg(automation_private.read_approvers(e.value) order by e.ordinality), '[]'
        )
        from jsonb_array_elements(v_value -> 'escalate') with ordinality as e
    );
    p_approval.level := 0;
    p_approval.required := (p_options ->> 'required')::int;
    p_approval.allow_self := (p_options ->> 'allow_self')::boolean;
    p_approval.takes_changes := (p_options ->> 'takes_changes')::boolean;
    p_approval.on_timeout := p_options ->> 'on_timeout';
    p_approval.requested_at := p_now;
    p_approval.due_at := p_now + p_visit.timeout;
    -- whoever started the family asks, also from within a sub-workflow
    p_approval.requested_by := (
        select coalesce(i.triggered_by, r.triggered_by)
        from automation.workflow_instances as i
        inner join automation.workflow_instances as r
            on i.org_id = r.org_id and i.root_id = r.instance_id
        where i.org_id = p_visit.org_id and i.instance_id = p_visit.instance_id
    );
    if p_approval.approvers is null or p_approval.escalations @> '[null]' then
        p_error := automation_private.error_object(
            'no_approver', 'invalid', 'the approvers are no list of users and roles'
        );
        return;
    end if;
    p_error := automation_private.content_fault(p_approval.content);
    p_approval := automation_private.climb_levels(p_approval, 0);
    if p_error is null and cardinality(p_approval.awaited) = 0
        and not p_options ? 'is_rehearsed'
    then
        p_error := automation_private.error_object(
            'no_approver', 'invalid', 'none of the approvers is a member who may approve'
        );
    end if;
end;
$$;

comment on function automation_private.prepare_approval(
    automation_private.visit, jsonb, timestamptz
) is
    'What an approval step just entered asks of whom, or why it cannot ask anybody.';
