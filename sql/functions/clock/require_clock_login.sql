create or replace function automation.require_clock_login(p_login text default current_user)
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_faults text;
    v_hints text;
begin
    select string_agg(f.fault, '; ' order by f.place), string_agg(f.hint, '; ' order by f.place)
    into v_faults, v_hints
    from (
        values
        (
            1, 'it cannot log in', 'use the login role that shall run the engine',
            not exists (
                select from pg_roles as r where r.rolname = p_login and r.rolcanlogin
            )
        ),
        (
            2, 'it may not drive the clock', format('grant automation_worker to %I', p_login),
            exists (
                select from pg_proc as f
                where f.pronamespace = 'automation'::regnamespace
                    and f.proname in ('run_engine', 'tick', 'set_timer_back')
                    and not has_function_privilege(p_login, f.oid, 'execute')
            )
        ),
        (
            3, 'it is no broker', format('select automation.register_broker(%L)', p_login),
            not exists (
                select from automation_private.brokers as b where b.login = p_login
            )
        ),
        (
            4, 'its statement_timeout ends a run before its minute is over',
            format(
                'alter role %I in database %I set statement_timeout = 0',
                p_login, current_database()
            ),
            automation_private.statement_timeout_of(p_login) between '1 us' and '1 minute'
        )
    ) as f (place, fault, hint, is_so)
    where f.is_so;

    if v_faults is not null then
        raise exception using
            errcode = 'MA303',
            message = format('login %s cannot run the engine', p_login),
            detail = v_faults,
            hint = v_hints;
    end if;
end;
$$;

comment on function automation.require_clock_login(text) is
    'Raises MA303, with everything that is wrong, unless a role (by default the current one) can '
    'run the engine all by itself: log in, drive the clock, act for all organisations.';
