create or replace function automation_private.run_action(
    p_action text,
    p_handler text,
    p_config jsonb,
    p_context jsonb
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_names constant text[] := array[
        'app.current_org_id', 'app.current_user_id',
        'app.context_initialized', 'app.context_version'
    ];
    v_before text[] := array(
        select coalesce(current_setting(n.name, true), '') from unnest(v_names) as n (name)
    );
    v_during text[] := array[
        p_context ->> 'org_id', coalesce(p_context ->> 'user_id', ''), 'true', '2.0'
    ];
    v_output jsonb;
begin
    if p_handler is null then
        raise exception using
            errcode = 'MA002',
            message = format('the action "%s" is not registered', p_action),
            hint = 'register_action makes a function an action';
    end if;
    perform set_config(s.name, s.setting, true)
    from unnest(v_names, v_during) as s (name, setting);
    if automation.current_org_id() is distinct from (p_context ->> 'org_id')::uuid then
        raise exception using
            errcode = 'MA300',
            message = 'this login may not act for the organisation whose action is due',
            detail = format('login %s', session_user),
            hint = 'register_broker the logins that drive the clock and the workers';
    end if;
    execute format('select %s($1, $2)', p_handler::regproc) into v_output using p_config, p_context;
    -- what the action deferred is checked here, where only the action fails, not at commit
    set constraints all immediate;
    perform set_config(s.name, s.setting, true)
    from unnest(v_names, v_before) as s (name, setting);
    return v_output;
end;
$$;

comment on function automation_private.run_action(text, text, jsonb, jsonb) is
    'Calls a registered action function inside the tenant: as automation_actor, with the '
    'platform''s settings for the organisation and user, which are put back afterwards.';
