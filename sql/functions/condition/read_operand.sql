create or replace function automation_private.read_operand(p_token jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_kind text := p_token ->> 'kind';
    v_source text := p_token ->> 'source';
    v_value jsonb;
begin
    if v_kind = 'number' then
        if length(v_source) <= 80 and v_source !~ '[eE][+-]?\d{4}' then
            v_value := to_jsonb(v_source::numeric);
        end if;
    elsif v_kind = 'text' then
        v_value := to_jsonb(automation_private.unescape_text(v_source));
    elsif v_kind = 'duration' then
        v_value := to_jsonb(automation_private.canonical_duration(v_source));
    elsif v_kind = 'name' then
        v_value := case lower(v_source)
            when 'true' then 'true'
            when 'false' then 'false'
            when 'null' then 'null'
            when 'now' then '{"now": "PT0S"}'
            else jsonb_build_object('field', v_source) end;
    end if;
    if v_value is null then
        return null;
    end if;
    return jsonb_build_object(
        'kind', case when v_kind = 'duration' then 'duration' else 'value' end,
        'value', v_value, 'at', p_token -> 'at'
    );
end
$$;

comment on function automation_private.read_operand(jsonb) is
'The value that one token of the string form stands for, as {kind, value, at}; null when the token
is no value, or a number or a text that cannot be read.';
