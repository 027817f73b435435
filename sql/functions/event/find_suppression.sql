create or replace function automation_private.find_suppression(
    p_is_met boolean,
    p_was_met boolean,
    p_on_loop text,
    p_causation jsonb,
    p_listener_id uuid,
    p_entity text
)
returns text
language sql
immutable
return case
    when p_is_met is null then 'condition_error'
    when p_was_met is null then 'old_unknown'
    when p_causation is null then null
    when (p_causation ->> 'depth')::int >= 10 then 'loop_blocked'
    when p_on_loop = 'ignore' then 'caused_by_automation'
    when p_on_loop = 'avoid_loop'
        and p_causation -> 'visited' ? concat_ws('/', p_listener_id, p_entity)
        then 'loop_blocked'
end;

comment on function automation_private.find_suppression(
    boolean, boolean, text, jsonb, uuid, text
) is
    'Why something that listens does not fire although its condition is met or undecided; null '
    'when it fires.';
