create or replace function automation_private.fold_usage()
returns void
language sql
volatile
begin atomic
    with free as materialized (
        select t.org_id, t.template_id
        from automation.workflow_templates as t
        where (t.org_id, t.template_id) in (
            select x.org_id, x.template_id from automation_private.usage_changes as x
        )
        for no key update skip locked
    ),

    folded as (
        delete from automation_private.usage_changes as c
        using free as f
        where c.org_id = f.org_id and c.template_id = f.template_id
        returning c.org_id, c.template_id, c.started, c.ended, c.used_at
    )

    update automation.workflow_templates as t
    set
        usage_count = t.usage_count + f.started,
        active_instances = t.active_instances + f.started - f.ended,
        last_used_at = greatest(t.last_used_at, f.used_at)
    from (
        select
            x.org_id, x.template_id, sum(x.started) as started, sum(x.ended) as ended,
            max(x.used_at) filter (where x.started > 0) as used_at
        from folded as x
        group by x.org_id, x.template_id
    ) as f
    where t.org_id = f.org_id and t.template_id = f.template_id;
end;

comment on function automation_private.fold_usage() is
    'Rolls starts and ends of instances up into those of their templates that nobody is editing.';
