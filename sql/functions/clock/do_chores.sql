create or replace function automation_private.do_chores()
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_task text;
begin
    for v_task in
        select h.task from automation_private.housekeeping as h
        where h.due_at <= v_now and h.task <> 'take_strays'
        order by h.task
        for update skip locked
    loop
        case v_task
            when 'fold_in_flight' then perform automation_private.fold_in_flight();
            when 'drop_blocks' then perform automation_private.drop_blocks(v_now);
            when 'drop_results' then perform automation_private.drop_results(v_now);
            when 'fold_usage' then
                perform automation_private.fold_usage();
                perform automation_private.fold_rule_usage();
            when 'forget_subjects' then perform automation_private.forget_subjects();
        end case;
        update automation_private.housekeeping as h
        set due_at = v_now + interval '5 seconds'
        where h.task = v_task;
    end loop;
end;
$$;

comment on function automation_private.do_chores() is
    'Does the chores that are due and that no other engine is doing.';
