create or replace function automation_private.is_enrolled(
    p_org_id uuid,
    p_template_id uuid,
    p_key text
)
returns boolean
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select
        from unnest(
            (automation_private.find_subject(p_org_id, p_template_id, p_key)).running
        ) as r (instance_id)
        -- who was taken out a moment ago is on the way out
        where not exists (
            select from automation_private.timers as t
            where t.org_id = p_org_id
                and t.instance_id = r.instance_id
                and t.kind in ('removed', 'goal', 'exit_criteria', 'restarted')
        )
    );
end;
$$;

comment on function automation_private.is_enrolled(uuid, uuid, text) is
    'Whether a run of a template for a key goes on.';
