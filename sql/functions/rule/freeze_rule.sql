create or replace function automation_private.freeze_rule(p_document jsonb, p_expanded jsonb)
returns jsonb
language sql
immutable
return p_document
|| case
    when automation_private.has_references(p_document -> 'conditions') then jsonb_build_object(
        'conditions', p_expanded -> 'conditions',
        'condition_logic', p_expanded -> 'condition_logic'
    )
    else '{}'
end
|| case
    when automation_private.has_references(p_document #> '{trigger,condition}')
        then jsonb_build_object(
            'trigger', (p_document -> 'trigger')
            || jsonb_build_object('condition', p_expanded #> '{trigger,condition}')
        )
    else '{}'
end;

comment on function automation_private.freeze_rule(jsonb, jsonb) is
    'A rule''s document with condition sets in the place of references, as its version keeps it.';
