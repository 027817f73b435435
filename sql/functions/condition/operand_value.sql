create or replace function automation_private.operand_value(
    p_operand jsonb, p_doc jsonb, p_mode text, p_roots text[], p_as_of timestamptz, p_timezone text
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_compiled jsonb;
    v_shift text;
begin
    if jsonb_typeof(p_operand) = 'array' then
        return (
            select jsonb_agg(automation_private.operand_value(
                e.value, p_doc, p_mode, p_roots, p_as_of, p_timezone) order by e.at)
            from jsonb_array_elements(p_operand) with ordinality as e (value, at)
        );
    elsif jsonb_typeof(p_operand) <> 'object' then
        return p_operand;
    end if;
    v_compiled := automation_private.compile_operand(p_operand, p_mode, p_roots);
    if v_compiled ->> 'kind' <> 'now' then
        return automation_private.read_path(p_doc, v_compiled ->> 'path');
    end if;
    v_shift := v_compiled ->> 'shift';
    return to_jsonb(automation_private.add_duration(p_as_of,
        case when v_shift like '-%' then -1 else 1 end * ltrim(v_shift, '-')::interval,
        p_timezone) at time zone p_timezone);
end
$$;

comment on function automation_private.operand_value(
    jsonb, jsonb, text, text[], timestamptz, text
) is
'What one side of a comparison amounts to, for the trace: constants as they are, fields read, now as
local time; null for no value.';
