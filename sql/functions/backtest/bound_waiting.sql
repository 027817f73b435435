create or replace function automation_private.bound_waiting(p_releases int, p_firings int)
returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_releases > 300000 + 5 * p_firings then
        raise exception using
            errcode = 'MA003',
            message = 'too much would wait, again and again',
            hint = 'take a shorter window, or limits that skip what they do not let through';
    end if;
end;
$$;

comment on function automation_private.bound_waiting(int, int) is
    'Raises MA003 when a backtest would not come to an end in reasonable time.';
