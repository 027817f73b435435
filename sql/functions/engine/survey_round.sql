create or replace function automation_private.survey_round(
    p_ready automation_private.token[],
    p_visits automation_private.visit[]
)
returns automation_private.round
language sql
immutable
return (
    select (
        array_agg(distinct case when v.error is null then v.runs else 'error' end),
        bool_or(v.due_at is not null or v.timeout is not null),
        bool_or(v.runs = 'set' or v.output_is_read and v.runs in ('condition', 'split')),
        bool_or(v.mutex is not null),
        bool_or(v.is_again),
        count(*) < (select count(*) from unnest(p_ready) as t where t.step_order > 0),
        bool_or(v.runs in ('external', 'native') and v.value ? 'cache')
    )::automation_private.round
    from unnest(p_visits) as v
);

comment on function automation_private.survey_round(
    automation_private.token[], automation_private.visit[]
) is
    'What a round has to do.';
