create or replace function automation.cron_jobs()
returns table (job_name text, schedule text, command text, runs_in text)
language sql
stable
begin atomic
    with mine as (
        -- pg_cron 1.4 keeps 63 bytes of a job's name
        select case
            when octet_length(current_database()) <= 40 then current_database()::text
            else left(encode(sha256(convert_to(current_database(), 'UTF8')), 'hex'), 40)
        end as database
    )

    select
        'automation engine ' || m.database,
        '* * * * *',
        'call automation.run_engine(interval ''55 seconds'')',
        'engine'
    from mine as m
    union all
    -- a run that never began has no time, only its place among the others
    select
        'automation pruning ' || m.database,
        '17 3 * * *',
        format(
            'delete from cron.job_run_details as d where d.username = current_user '
            'and (d.database = %L and starts_with(d.command, ''call automation.run_engine('') '
            'or starts_with(d.command, ''delete from cron.job_run_details as d '')) '
            'and d.runid <= (select max(o.runid) from cron.job_run_details as o '
            'where o.start_time < now() - interval ''7 days'')',
            current_database()
        ),
        'cron'
    from mine as m;
end;

comment on function automation.cron_jobs() is
    'The jobs that pg_cron needs for this database: the bell, which rings in the engine''s '
    'database, and the pruning of its log, which is in pg_cron''s.';
