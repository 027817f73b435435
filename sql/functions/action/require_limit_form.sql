create or replace function automation_private.require_limit_form(
    p_limit_key text,
    p_max_in_flight int,
    p_max_starts int,
    p_per interval
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_provider text := substring(p_limit_key from '^provider:(.*)$');
begin
    if p_limit_key is null or not exists (
        select from automation_private.actions as a
        where a.runs = 'external' and (
            a.action = p_limit_key or a.provider = v_provider and v_provider <> '*'
        )
    ) then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such external action or provider',
            detail = format('got %L', left(p_limit_key, 100)),
            hint = 'the name of an action that workers carry out, or provider:<name>; '
                'automation.action_catalogue() lists them';
    end if;
    if coalesce(p_max_in_flight, p_max_starts) is null then
        raise exception using
            errcode = 'MA001',
            message = 'a limit needs max_in_flight, max_starts or both',
            hint = 'remove_action_limit takes a limit away';
    end if;
    if p_max_in_flight < 0 or p_max_starts < 0 then
        raise exception using
            errcode = 'MA001',
            message = 'a limit is not negative',
            detail = format('max_in_flight %s, max_starts %s', p_max_in_flight, p_max_starts),
            hint = '0 is never, null is unlimited';
    end if;
    if (p_max_starts is null) <> (p_per is null)
        or p_per not between interval '1 second' and interval '31 days'
    then
        raise exception using
            errcode = 'MA001',
            message = 'max_starts are counted per period of 1 second to 31 days',
            detail = format('max_starts %s, per %s', p_max_starts, p_per);
    end if;
end;
$$;

comment on function automation_private.require_limit_form(text, int, int, interval) is
    'Raises MA001 or MA002 unless a limit can be set like this.';
