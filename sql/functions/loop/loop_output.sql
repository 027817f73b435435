create or replace function automation_private.loop_output(
    p_state automation_private.loop_states,
    p_with_results boolean
)
returns jsonb
language sql
stable
return jsonb_build_object(
    'count', coalesce(p_state.items, p_state.started),
    'completed', p_state.completed,
    'failed', p_state.failed
) || case
    when p_with_results then jsonb_build_object('results', (
        select coalesce(
            jsonb_agg(coalesce(s.output_data, 'null') order by s.iteration), '[]'
        )
        from automation_private.list_inside(
            p_state.org_id, p_state.instance_id, p_state.step_id
        ) as s
        where s.attempt = p_state.attempt
    ))
    else '{}'
end;

comment on function automation_private.loop_output(automation_private.loop_states, boolean) is
    'What a loop has come to: how many turns, and, if somebody reads them, their results in the '
    'order of the items (null: none).';
