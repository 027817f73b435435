create or replace function automation.disable_cron()
returns table (job_id bigint, job_name text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_cron text := automation.require_cron();
begin
    perform pg_advisory_xact_lock(hashtextextended('automation.enable_cron', 0));
    -- executed, because most databases have no pg_cron for the text to be checked against
    for disable_cron.job_id, disable_cron.job_name in execute format(
        'select j.jobid, j.jobname::text from %1$I.job as j '
        'where j.username = current_user and j.jobname = any ($1)', v_cron
    ) using array(select c.job_name from automation.cron_jobs() as c)
    loop
        execute format('select %I.unschedule($1)', v_cron) using disable_cron.job_id;
        return next;
    end loop;
end;
$$;

comment on function automation.disable_cron() is
    'Takes back what enable_cron scheduled as the current role, and returns what that was. A run '
    'that is under way ends within a minute.';
