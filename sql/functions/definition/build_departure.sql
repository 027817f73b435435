create or replace function automation_private.build_departure(
    p_trigger jsonb,
    p_departure text
)
returns jsonb
language sql
immutable
return jsonb_strip_nulls(jsonb_build_object(
    'key', automation_private.build_key(
        coalesce(p_trigger #>> array[p_departure, 'key'], p_trigger #>> '{enrol,key}')
    )
));

comment on function automation_private.build_departure(jsonb, text) is
    'Whom a goal or exit is about: its own key, or that of the enrolment read from its event.';
