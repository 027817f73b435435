create or replace function automation.enable_cron()
returns table (job_id bigint, job_name text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_cron text;
    v_job record;
begin
    perform automation.require_clock_login();
    v_cron := automation.require_cron();
    -- two who take the same job away at once would fail
    perform pg_advisory_xact_lock(hashtextextended('automation.enable_cron', 0));
    for v_job in
        select j.job_name, j.schedule, j.command, j.runs_in from automation.cron_jobs() as j
    loop
        if v_job.runs_in = 'cron' and not (
            has_table_privilege(format('%I.job_run_details', v_cron), 'select')
            and has_table_privilege(format('%I.job_run_details', v_cron), 'delete')
        ) then
            raise warning 'nobody prunes the log of pg_cron: % may not delete from it', current_user
                using hint = format(
                    'grant select, delete on %I.job_run_details to %I', v_cron, current_user
                );
            continue;
        end if;
        -- executed, because most databases have no pg_cron for the text to be checked against;
        -- a job that somebody changed or stopped is made anew, schedule() would leave it stopped
        execute format(
            'select %1$I.unschedule(j.jobid) from %1$I.job as j '
            'where j.jobname = $1 and j.username = current_user '
            'and (j.schedule, j.command, j.database, j.active) '
            'is distinct from ($2, $3, current_database(), true)', v_cron
        ) using v_job.job_name, v_job.schedule, v_job.command;
        execute format('select %I.schedule($1, $2, $3)', v_cron)
        into enable_cron.job_id
        using v_job.job_name, v_job.schedule, v_job.command;
        enable_cron.job_name := v_job.job_name;
        return next;
    end loop;
end;
$$;

comment on function automation.enable_cron() is
    'Lets the pg_cron of this database run the engine every minute as the current role, and prune '
    'its own log. Returns the jobs; calling it again changes nothing.';
