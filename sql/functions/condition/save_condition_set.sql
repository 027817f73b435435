create or replace function automation.save_condition_set(
    p_name text, p_condition jsonb, p_description text default null
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
    v_now constant timestamptz := automation_private.clock();
    v_compiled automation_private.compiled_condition;
begin
    if coalesce(p_name, '') !~ '^[a-z][a-z0-9_]{0,62}$' then
        raise exception using
            errcode = 'MA001',
            message = 'the name of a condition set is small letters, digits and _, a letter first, '
                'at most 63',
            hint = 'good_customers';
    end if;
    -- one after the other, or two changes could together make a circle
    perform from automation.condition_sets as s where s.org_id = v_org order by s.name for update;
    v_compiled := automation_private.read_condition_set(v_org, p_name, p_condition);
    if v_compiled.errors is not null then
        raise exception using
            errcode = 'MA201',
            message = format('invalid condition: %s', v_compiled.errors -> 0 ->> 'message'),
            detail = v_compiled.errors::text,
            hint = coalesce(v_compiled.errors -> 0 ->> 'hint', '');
    end if;
    insert into automation.condition_sets as s (
        org_id, name, condition, description, created_by, created_at, updated_at
    )
    values (
        v_org, p_name, v_compiled.tree, nullif(p_description, ''), automation.current_user_id(),
        v_now, v_now
    )
    on conflict (org_id, name) do update
    set
        condition = excluded.condition,
        description = case
            when p_description is null then s.description else excluded.description end,
        updated_at = greatest(excluded.updated_at, s.updated_at + interval '1 microsecond');
    perform automation_private.record_audit(v_org, 'save_condition_set', 'condition_set', null,
        jsonb_build_object('name', p_name));
end
$$;

comment on function automation.save_condition_set(text, jsonb, text) is
'Creates a condition set or replaces its condition: what conditions mean by {"ref": "name"}. Rules
that are active and templates that are published keep what it was when they became so, until they
are activated, edited or published again. An empty description removes it, none keeps it. Raises
MA201 with all errors in its detail when the condition is invalid or refers to itself in a circle.
Needs edit.';
