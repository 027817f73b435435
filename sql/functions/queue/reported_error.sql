create or replace function automation_private.reported_error(p_error jsonb)
returns jsonb
language sql
stable
return case
    when p_error is not null then jsonb_strip_nulls(jsonb_build_object(
        'code', left(p_error ->> 'code', 200),
        'class', left(p_error ->> 'class', 200),
        'message', left(p_error ->> 'message', 2000),
        'retry_after', p_error -> 'retry_after',
        'permanent', p_error -> 'permanent'
    ))
end;

comment on function automation_private.reported_error(jsonb) is
    'The part of an error reported by a worker that is kept.';
