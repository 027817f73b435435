create or replace function automation_private.leave_steps(
    p_settled automation_private.settled[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_left automation_private.settled[];
    v_tokens automation_private.token[] := '{}'::automation_private.token[];
begin
    if not exists (
        select from unnest(p_settled) as u
        where u.timeout_is_set
            or u.mutex is not null
            or u.runs in ('wait', 'approval', 'split', 'loop', 'scope', 'workflow')
            or u.fate in ('skipped', 'cancelled', 'gone_on')
    ) then
        return v_tokens;
    end if;
    perform automation_private.drop_timers(
        array(select u.org_id from unnest(p_settled) as u),
        array(select u.instance_id from unnest(p_settled) as u),
        array(select u.step_id from unnest(p_settled) as u)
    );
    v_left := array(
        select u from unnest(p_settled) as u
        where u.runs in ('split', 'loop', 'scope', 'workflow')
            and u.fate not in ('completed', 'gone_on', 'ended', 'fatal')
    );
    if cardinality(v_left) > 0 then
        perform automation_private.abandon_rollbacks(
            array(select u.org_id from unnest(v_left) as u),
            array(select u.instance_id from unnest(v_left) as u),
            array(select u.step_id from unnest(v_left) as u)
        );
        v_tokens := automation_private.cancel_within(
            array(select u.org_id from unnest(v_left) as u),
            array(select u.instance_id from unnest(v_left) as u),
            array(select u.step_id from unnest(v_left) as u)
        );
    end if;
    v_left := array(
        select u from unnest(p_settled) as u
        where u.runs in ('split', 'loop', 'scope', 'workflow') and u.fate = 'fatal'
    );
    if cardinality(v_left) > 0 then
        v_tokens := v_tokens || automation_private.cancel_within(
            array(select u.org_id from unnest(v_left) as u),
            array(select u.instance_id from unnest(v_left) as u),
            array(select u.step_id from unnest(v_left) as u),
            true
        );
    end if;
    v_left := array(
        select u from unnest(p_settled) as u
        where u.runs in ('wait', 'approval') and u.fate <> 'retry'
            or u.runs = 'loop' and u.fate not in ('gone_on', 'fatal')
    );
    if cardinality(v_left) > 0 then
        perform automation_private.forget_steps(
            array(select u.org_id from unnest(v_left) as u),
            array(select u.instance_id from unnest(v_left) as u),
            array(select u.step_id from unnest(v_left) as u),
            array(select u.runs from unnest(v_left) as u)
        );
    end if;
    v_left := array(
        select u from unnest(p_settled) as u
        where u.mutex is not null and u.fate not in ('retry', 'gone_on')
    );
    if cardinality(v_left) > 0 then
        v_tokens := v_tokens || automation_private.release_mutexes(
            array(select u.org_id from unnest(v_left) as u),
            array(select u.instance_id from unnest(v_left) as u),
            array(select u.step_id from unnest(v_left) as u)
        );
    end if;
    v_left := array(select u from unnest(p_settled) as u where u.fate = 'gone_on');
    if cardinality(v_left) > 0 then
        perform automation_private.add_tokens(v_left);
    end if;
    return v_tokens;
end;
$$;

comment on function automation_private.leave_steps(automation_private.settled[]) is
    'Clears up behind activations that have ended or wait for another attempt: their timers, '
    'waits and turns, what is still open inside them, their mutexes; returns the tokens that may '
    'enter in their place.';
