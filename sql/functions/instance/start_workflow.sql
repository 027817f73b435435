create or replace function automation.start_workflow(
    p_template_id uuid,
    p_input jsonb default '{}',
    p_trigger jsonb default '{}',
    p_idempotency_key text default null,
    p_name text default null
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_started record;
begin
    select s.instance_id, s.outcome, s.error into v_started
    from automation.start_workflows(
        p_template_id,
        jsonb_build_array(jsonb_build_object(
            'input', p_input, 'trigger', p_trigger, 'idempotency_key', p_idempotency_key,
            'name', p_name
        ))
    ) as s;
    if v_started.outcome = 'refused' then
        raise exception using
            errcode = case v_started.error ->> 'code'
                when 'too_large' then 'MA003'
                when 'idempotency_key_in_use' then 'MA101'
                when 'invalid_item' then 'MA001'
                when 'org_paused' then 'MA103'
                else 'MA004'
            end,
            message = v_started.error ->> 'message',
            detail = coalesce(v_started.error ->> 'errors', v_started.error ->> 'code');
    end if;
    return v_started.instance_id;
end;
$$;

comment on function automation.start_workflow(uuid, jsonb, jsonb, text, text) is
    'Starts one instance of a published template and returns its id. p_trigger is the row it is '
    'about: its fields are the first variables and {{trigger.<field>}}; p_input are the '
    'declared inputs. The same idempotency key returns the same instance and starts nothing. '
    'Raises MA103 while the organisation is paused.';
