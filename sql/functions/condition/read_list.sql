create or replace function automation_private.read_list(p_tokens jsonb, p_at int)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_close text := case p_tokens -> p_at ->> 'source' when '(' then ')' else ']' end;
    v_at int := p_at + 1;
    v_list jsonb := '[]'::jsonb;
    v_negative boolean;
    v_value jsonb;
begin
    while p_tokens -> v_at ->> 'source' <> v_close or v_list = '[]' loop
        if v_list <> '[]' then
            if p_tokens -> v_at ->> 'source' <> ',' then
                return automation_private.parse_failure((p_tokens -> v_at ->> 'at')::int,
                    format('expected "," or "%s"', v_close), p_tokens -> v_at);
            end if;
            v_at := v_at + 1;
        end if;
        v_negative := p_tokens -> v_at ->> 'source' = '-';
        if v_negative then
            v_at := v_at + 1;
        end if;
        v_value := automation_private.read_operand(p_tokens -> v_at) -> 'value';
        if coalesce(jsonb_typeof(v_value), 'null') in ('object', 'null')
            or v_negative and jsonb_typeof(v_value) <> 'number'
            or p_tokens -> v_at ->> 'kind' = 'duration'
        then
            return automation_private.parse_failure((p_tokens -> v_at ->> 'at')::int,
                'expected a constant (texts are quoted, null is not allowed)', p_tokens -> v_at);
        end if;
        v_list := v_list || case when v_negative then to_jsonb(-(v_value::numeric))
            else v_value end;
        v_at := v_at + 1;
    end loop;
    return jsonb_build_object('kind', 'list', 'value', v_list, 'at', p_tokens -> p_at -> 'at',
        'next', v_at + 1);
end
$$;

comment on function automation_private.read_list(jsonb, int) is
'The list of constants that begins at a token, as {kind: list, value, at, next}, or {error}.';
