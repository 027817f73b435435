create or replace function automation_private.derive_value(
    p_spec jsonb, p_doc jsonb, p_as_of timestamptz, p_timezone text
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_shift text := p_spec ->> 'shift';
    v_value jsonb;
    v_old jsonb;
begin
    case p_spec ->> 'kind'
        when 'now' then
            return automation_private.convert_instant(automation_private.add_duration(p_as_of,
                case when v_shift like '-%' then -1 else 1 end * ltrim(v_shift, '-')::interval,
                p_timezone), p_spec ->> 'as', p_as_of, p_timezone);
        when 'constant' then
            v_value := p_spec -> 'value';
        when 'items' then
            v_value := automation_private.read_path(p_doc, p_spec ->> 'base');
            if coalesce(v_value, 'null') = 'null' then
                return '[]'::jsonb;
            end if;
            return (
                select coalesce(jsonb_agg(automation_private.convert_value(
                    automation_private.read_path(i.value, p_spec ->> 'rest'),
                    p_spec, p_doc, p_as_of, p_timezone) order by i.at), '[]')
                from jsonb_path_query(p_doc, (p_spec ->> 'path')::jsonpath, '{}', true)
                    with ordinality as i (value, at)
            );
        else
            v_value := automation_private.read_path(p_doc, p_spec ->> 'path');
    end case;

    v_value := nullif(automation_private.convert_value(
        v_value, p_spec, p_doc, p_as_of, p_timezone), 'null');
    if p_spec ->> 'kind' = 'changed' then
        v_old := nullif(automation_private.convert_value(automation_private.read_path(
            p_doc, p_spec ->> 'old'), p_spec, p_doc, p_as_of, p_timezone), 'null');
        return case when p_spec ? 'as' and '{}' in (v_value, v_old) then '{}'
            else to_jsonb(v_value is distinct from v_old) end;
    end if;
    return v_value;
end
$$;

comment on function automation_private.derive_value(jsonb, jsonb, timestamptz, text) is
'One variable of a condition''s predicate, computed from the document and the instant of
evaluation.';
