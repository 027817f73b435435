create or replace function automation.delete_condition_set(p_name text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
    v_users text[];
begin
    perform from automation.condition_sets as s where s.org_id = v_org order by s.name for update;
    v_users := automation_private.condition_set_users(v_org, p_name);
    if cardinality(v_users) > 0 then
        raise exception using
            errcode = 'MA101',
            message = format('the condition set is used by %s', v_users[1]) || case
                when cardinality(v_users) > 1
                    then format(' and %s more', cardinality(v_users) - 1)
                else '' end,
            detail = array_to_string(v_users[:50], ', '),
            hint = 'take the reference out first; archived rules and templates count, too';
    end if;
    delete from automation.condition_sets as s where s.org_id = v_org and s.name = p_name;
    if not found then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such condition set',
            detail = format('condition set %s', coalesce(to_json(left(p_name, 64))::text, 'null'));
    end if;
    perform automation_private.record_audit(v_org, 'delete_condition_set', 'condition_set', null,
        jsonb_build_object('name', p_name));
end
$$;

comment on function automation.delete_condition_set(text) is
'Removes a condition set. Raises MA101 while a rule, a template''s draft or another set refers to
it, and MA002 when there is none. Needs edit.';
