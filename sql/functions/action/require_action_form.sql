create or replace function automation_private.require_action_form(
    p_action text,
    p_runs text,
    p_description text,
    p_config_schema jsonb,
    p_retry jsonb,
    p_provider text
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_errors jsonb;
begin
    if coalesce(p_action, '') !~ '^[a-z][a-z0-9_]{0,62}$' then
        raise exception using
            errcode = 'MA001',
            message = 'an action needs a name',
            detail = format('got %L', left(p_action, 100)),
            hint = 'at most 63 small letters, digits and _, a letter first';
    end if;
    if p_runs is null or p_runs not in ('native', 'external') then
        raise exception using
            errcode = 'MA001',
            message = 'an action runs "native" (in the database) or "external" (in a worker)',
            detail = format('got %L', left(p_runs, 100));
    end if;
    if coalesce(p_description, '') !~ '\S' then
        raise exception using errcode = 'MA001', message = 'an action needs a description';
    end if;
    if p_provider !~ '^([a-z][a-z0-9_]{0,62}|\*)$' or p_provider is not null and p_runs = 'native'
    then
        raise exception using
            errcode = 'MA001',
            message = 'the provider is the name of the service that an external action calls',
            detail = format('got %L', left(p_provider, 100)),
            hint = 'small letters, digits and _, a letter first; or "*"';
    end if;
    v_errors := automation_private.finish_errors(automation_private.collect_errors(
        automation_private.check_schema_document(coalesce(p_config_schema, 'null')),
        automation_private.check_retry(p_retry, '/retry')
    ));
    if v_errors is not null then
        raise exception using
            errcode = 'MA001',
            message = format('the action "%s" cannot be registered', p_action),
            detail = v_errors::text,
            hint = 'the detail lists what is wrong with its schema or retry policy';
    end if;
end;
$$;

comment on function automation_private.require_action_form(
    text, text, text, jsonb, jsonb, text
) is
    'Raises MA001 unless an action can be registered like this.';
