create or replace function automation_private.build_enrolment(p_trigger jsonb)
returns jsonb
language sql
immutable
return case
    when p_trigger ?| automation_private.list_enrolment_keys() then jsonb_strip_nulls(
        jsonb_build_object(
            'reenrol', case
                when p_trigger #>> '{enrol,reenrol}' <> 'per_event_key'
                    then p_trigger #>> '{enrol,reenrol}'
                -- a key of its own says that no two may be in at once
                when p_trigger #> '{enrol}' ? 'key' and not p_trigger #> '{enrol}' ? 'reenrol'
                    then 'after_exit'
                else 'per_event_key'
            end,
            'gap', p_trigger #> '{enrol,gap}',
            'key', automation_private.build_key(p_trigger #>> '{enrol,key}')
        )
    )
    else '{}'
end;

comment on function automation_private.build_enrolment(jsonb) is
    'Whom a template lets in and how often, with a compiled key; nothing when its trigger does '
    'not say, and nobody can be let out.';
