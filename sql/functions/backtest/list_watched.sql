create or replace function automation_private.list_watched(
    p_gate jsonb,
    p_condition automation_private.compiled_condition,
    p_event text
)
returns text[]
language sql
immutable
return case
    when not p_gate ?| '{skips_recheck,batch}'
        and (
            p_gate ? 'debounce' or p_gate ->> 'mode' = 'queued'
            or p_gate @? '$.limits[*] ? (@.on_hit == "defer")'
        )
        and p_condition.path is not null
        and p_condition.reads <@ '{new}'
        and p_event not like '%.deleted'
        then array(
            select regexp_replace(p_event, '\.(created|updated)$', '') || e.suffix
            from unnest('{.created,.updated,.deleted}'::text[]) as e (suffix)
        )
end;

comment on function automation_private.list_watched(
    jsonb, automation_private.compiled_condition, text
) is
    'The events that say whether a row still meets the condition when a firing has waited; null '
    'when nothing waits, or is not asked again.';
