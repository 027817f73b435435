create or replace function automation_private.keep_rule_references(
    p_rule jsonb,
    p_written jsonb
)
returns jsonb
language sql
immutable
return case
    when not automation_private.has_references(p_written) then p_rule
    else p_rule
        || case
            when p_rule ? 'conditions' then jsonb_build_object(
                'conditions', automation_private.keep_references(
                    automation_private.read_rule_conditions(p_written), p_rule -> 'conditions'
                )
            )
            else '{}'
        end
        || case
            when p_rule #> '{trigger,condition}' is not null then jsonb_build_object(
                'trigger', (p_rule -> 'trigger') || jsonb_build_object('condition', coalesce(
                    p_written #> '{trigger,config,condition}',
                    p_written #> '{trigger,condition}'
                ))
            )
            else '{}'
        end
end;

comment on function automation_private.keep_rule_references(jsonb, jsonb) is
    'A rule in canonical form with its references to condition sets as they were written.';
