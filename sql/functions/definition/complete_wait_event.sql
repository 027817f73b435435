create or replace function automation_private.complete_wait_event(
    p_event jsonb,
    p_filter automation_private.compiled_condition
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_strip_nulls(jsonb_build_object(
            'event', p_event -> 'event',
            'names', automation_private.heard_names(p_event ->> 'event'),
            'count', case
                when jsonb_typeof(p_event -> 'count') = 'number' then p_event -> 'count' else '1'
            end,
            'consume', coalesce(p_event -> 'consume' = 'true', false),
            'shape', coalesce(jsonb_agg(to_jsonb(k.path) order by k.path, k.key), '[]')::text,
            'keys', coalesce(jsonb_agg(k.key order by k.path, k.key), '[]'),
            'filter', case
                when p_filter.path is not null then jsonb_build_object(
                    'path', p_filter.path::text, 'derived', p_filter.derived
                )
            end
        ))
        from (
            select m.key, automation_private.match_path(m.key) as path
            from jsonb_object_keys(
                case jsonb_typeof(p_event -> 'match')
                    when 'object' then p_event -> 'match' else '{}'
                end
            ) as m (key)
        ) as k
    );
end;
$$;

comment on function automation_private.complete_wait_event(
    jsonb, automation_private.compiled_condition
) is
    'One event of a wait as the engine reads it: the names it hears, the places in it that are '
    'compared in their order ("shape") and with which values ("keys"), defaults filled in.';
