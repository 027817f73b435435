create or replace function automation_private.resolve_reference(
    p_text text, p_mode text, p_roots text[]
)
returns automation_private.reference
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_segments jsonb;
    v_root text;
    v_reads text;
    v_result automation_private.reference;
begin
    if length(p_text) <= 1024 then
        v_segments := automation_private.split_path(p_text);
    end if;
    if v_segments is null then
        v_result.error := format('%s is not a path such as a.b[0]["odd key"]',
            coalesce(to_json(left(p_text, 64))::text, 'null'));
        return v_result;
    elsif jsonb_array_length(v_segments) > 16 then
        v_result.error := 'a path has at most 16 parts';
        return v_result;
    end if;

    v_root := v_segments ->> 0;
    if p_mode = 'row' and v_root = 'changed' then
        v_root := 'trigger';
        v_segments := '["trigger"]'::jsonb || v_segments;
    elsif v_root <> all (p_roots) and v_root <> all (case p_mode
        when 'row' then array['new', 'old', 'trigger', 'org', 'now']
        else array['trigger', 'input', 'vars', 'steps', 'status', 'loop', 'run', 'org', 'now'] end)
    then
        v_root := case p_mode when 'row' then 'new' else 'vars' end;
        v_segments := jsonb_build_array(v_root) || v_segments;
    end if;

    v_reads := v_root;
    if v_root = any (p_roots) then
        null;
    elsif v_root in ('steps', 'status') then
        if jsonb_typeof(v_segments -> 1) is distinct from 'string' then
            v_result.error := format('%s needs the id of a step: %1$s.<id>', v_root);
            return v_result;
        end if;
        v_reads := v_root || '.' || (v_segments ->> 1);
    elsif v_root = 'now' and jsonb_array_length(v_segments) > 1 then
        v_result.error := 'now has no parts';
        return v_result;
    elsif p_mode = 'step' and v_root = 'trigger' and v_segments ->> 1 <> all (array[
        'type', 'event', 'event_id', 'entity', 'new', 'old', 'changed', 'occurred_at', 'source',
        'schedule', 'who', 'gathered', 'threshold'
    ]) then
        v_segments := jsonb_insert(v_segments, '{1}', '"new"');
    end if;

    v_result.reads := v_reads;
    v_result.path := (
        select '$' || string_agg(case jsonb_typeof(s.segment)
            when 'string' then '.' || s.segment::text
            when 'array' then '[*]'
            else '[' || s.segment::text || ']' end, '' order by s.at)
        from jsonb_array_elements(v_segments) with ordinality as s (segment, at)
    );
    return v_result;
end
$$;

comment on function automation_private.resolve_reference(text, text, text[]) is
'Where a name points: the jsonpath and what it reads, in a step''s condition or template (mode
step) or in a rule''s (mode row); p_roots adds the loop aliases in scope.';
