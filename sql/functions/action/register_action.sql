create or replace function automation.register_action(
    p_action text,
    p_runs text,
    p_description text,
    p_config_schema jsonb default '{}',
    p_handler regprocedure default null,
    p_idempotent boolean default false,
    p_retry jsonb default null,
    p_provider text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_handler text;
begin
    perform automation_private.require_admin();
    perform automation_private.require_action_form(
        p_action, p_runs, p_description, p_config_schema, p_retry, p_provider
    );
    if (p_runs = 'native') <> (p_handler is not null) then
        raise exception using
            errcode = 'MA001',
            message = 'a native action needs a handler, an external one has none',
            hint = 'external actions are carried out by a worker that knows them by name';
    end if;
    if p_handler is not null then
        v_handler := automation_private.require_handler(p_handler);
    end if;
    insert into automation_private.actions (
        action, runs, handler, config_schema, description, idempotent, retry, provider
    )
    values (
        p_action, p_runs, v_handler, p_config_schema, p_description, coalesce(p_idempotent, false),
        case when p_retry is not null then automation_private.complete_retry(p_retry) end,
        p_provider
    )
    on conflict (action) do update
        set runs = excluded.runs,
            handler = excluded.handler,
            config_schema = excluded.config_schema,
            description = excluded.description,
            idempotent = excluded.idempotent,
            retry = excluded.retry,
            provider = excluded.provider,
            registered_at = excluded.registered_at,
            registered_by = excluded.registered_by;
end;
$$;

comment on function automation.register_action(
    text, text, text, jsonb, regprocedure, boolean, jsonb, text
) is
    'Makes an action known to definitions, or replaces it: "native" ones call the handler, a '
    'function (config jsonb, context jsonb) returning jsonb, inside the transition and the '
    'tenant; "external" ones go to a worker. Definitions take its schema and retry policy when '
    'they are next published. p_provider names the service that an external action calls, which '
    'actions can share and limits apply to; "*": whichever its settings name. Administrators only.';
