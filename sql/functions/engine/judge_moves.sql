create or replace function automation_private.judge_moves(
    p_moved automation_private.moved_scope[]
)
returns automation_private.merge_move[]
language sql
stable
begin atomic
    select array(
        select (
            c.scope, j.merge_key, j.next_order, j.output_is_read, f.fires,
            case when j.wait_for = 'each' then 1 else c.arrived end,
            f.cancels,
            (c.live = 0 or f.cancels)::int - f.fires,
            case
                when j.merge_key is null or j.is_own then 0
                when j.wait_for = 'each' then c.arrived - c.arrived_before
                else (c.arrived > 0 and c.arrived_before = 0)::int
            end
        )::automation_private.merge_move
        from (select m.*, m as scope from unnest(p_moved) as m) as c
        left join lateral (
            select
                d.step_key as merge_key, d.next_order, d.output_is_read,
                d.partner_order = c.step_order as is_own,
                coalesce(d.options ->> 'wait_for', 'all') as wait_for,
                coalesce((d.options ->> 'cancel_rest')::boolean, true) as cancel_rest
            from automation.workflow_instances as i
            inner join automation.workflow_definition_steps as d
                on d.org_id = i.org_id and d.definition_id = i.definition_id
            where i.org_id = c.org_id
                and i.instance_id = c.instance_id
                and d.step_order = c.merge_order
            offset 0
        ) as j on true
        cross join lateral (
            select
                x.fires,
                x.fires > 0 and c.live > 0 and j.wait_for ~ '^\d' and j.cancel_rest as cancels
            from (
                select
                    case
                        when j.is_own is not true or c.arrived = 0 then 0
                        when j.wait_for = 'each' then c.arrived - c.arrived_before
                        when j.wait_for = 'all' then (c.live = 0)::int
                        when c.arrived_before >= j.wait_for::int then 0
                        else (c.arrived >= j.wait_for::int or c.live = 0)::int
                    end as fires
                offset 0 -- noqa: PRS
            ) as x
        ) as f
        where c.step_type = 'split'
    );
end;

comment on function automation_private.judge_moves(automation_private.moved_scope[]) is
    'What follows where tokens have left the scope of a split or arrived at its merge. A split '
    'without a merge of its own hands the first arrival on to the merge of the split around it.';
