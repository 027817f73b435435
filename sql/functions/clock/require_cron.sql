create or replace function automation.require_cron()
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schema text := (
        select n.nspname::text
        from pg_namespace as n
        where n.nspname = 'cron'
            and exists (select from pg_extension as e where e.extname = 'pg_cron')
    );
    v_fault text;
    v_hint text;
begin
    if v_schema is null then
        v_fault := 'pg_cron is not installed in this database';
        v_hint := 'create extension pg_cron, if cron.database_name is this database; '
            'otherwise: worker.py cron enable --cron-database NAME';
    elsif not has_schema_privilege(v_schema, 'usage') then
        v_fault := format('%s may not use the schema of pg_cron', current_user);
        v_hint := format('grant usage on schema %I to %I', v_schema, current_user);
    elsif to_regprocedure(format('%I.schedule(text,text,text)', v_schema)) is null then
        v_fault := 'pg_cron is older than 1.4';
        v_hint := 'install a newer one, then: alter extension pg_cron update';
    elsif not has_function_privilege(
        format('%I.schedule(text,text,text)', v_schema), 'execute'
    ) then
        v_fault := format('%s may not schedule jobs', current_user);
        v_hint := format(
            'grant execute on function %I.schedule(text, text, text) to %I',
            v_schema, current_user
        );
    else
        return v_schema;
    end if;
    raise exception using errcode = 'MA102', message = v_fault, hint = v_hint;
end;
$$;

comment on function automation.require_cron() is
    'The schema of this database''s pg_cron. Raises MA102, with what to do about it, unless the '
    'current role can schedule jobs there.';
