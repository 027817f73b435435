create or replace function automation_private.send_actions(
    p_actions automation_private.action_call[],
    inout p_credit automation_private.credit[],
    out p_message_ids bigint[],
    p_are_admitted boolean default false
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_messages jsonb[] := array(
        select automation_private.action_message(a) from unnest(p_actions) as a
    );
    v_admitted boolean[];
    v_ids bigint[];
begin
    if p_are_admitted then
        v_admitted := array_fill(true, array[cardinality(p_actions)]);
    elsif automation_private.has_limits(p_actions) then
        v_admitted := automation_private.admit_open_actions(p_actions, p_credit);
    else
        v_admitted := automation_private.admit_actions(p_actions, p_credit);
    end if;
    if true = any (v_admitted) then
        v_ids := array(
            select s.id
            from pgmq.send_batch(
                'automation_actions',
                array(
                    select u.message
                    from unnest(v_messages, v_admitted) as u (message, admitted)
                    where u.admitted
                )
            ) as s (id)
        );
    end if;

    if not false = any (v_admitted) then
        p_message_ids := v_ids;
    else
        p_message_ids := array(
            select case when u.admitted then v_ids[count(*) filter (where u.admitted) over w] end
            from unnest(v_admitted) with ordinality as u (admitted, position)
            window w as (order by u.position)
            order by u.position
        );
        insert into automation_private.pending_actions (
            org_id, step_id, instance_id, root_id, action
        )
        select a.org_id, a.step_id, a.instance_id, a.root_id, a.action
        from unnest(p_actions) with ordinality as a
        where not v_admitted[a.ordinality];
    end if;
    p_credit := automation_private.use_credit(
        p_credit,
        array(
            select a.org_id from unnest(p_actions) with ordinality as a
            where v_admitted[a.ordinality]
        )
    );
end;
$$;

comment on function automation_private.send_actions(
    automation_private.action_call[], automation_private.credit[], boolean
) is
    'Sends external actions to the queue and returns their message ids in the order given; null '
    'where the action is above its organisation''s cap, limited or blocked, and was left pending. '
    'The clock has admitted what it sends already.';
