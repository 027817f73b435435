create or replace function automation_private.compile_text(
    p_text text, p_roots text[], p_pointer text
)
returns automation_private.compiled_template
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rest text := p_text;
    v_brace integer;
    v_source text;
    v_literal text := '';
    v_texts text[] := '{}'::text[];
    v_values jsonb := '[]'::jsonb;
    v_error jsonb;
    v_one automation_private.compiled_template;
    v_result automation_private.compiled_template;
begin
    v_result.reads := '{}'::text[];
    loop
        v_brace := position('{{' in v_rest);
        exit when v_brace = 0;
        if substr(v_rest, v_brace - 1, 1) = '\' then
            v_literal := v_literal || left(v_rest, v_brace - 2) || '{{';
            v_rest := substr(v_rest, v_brace + 2);
            continue;
        end if;

        v_literal := v_literal || left(v_rest, v_brace - 1);
        v_rest := substr(v_rest, v_brace);
        v_source := substring(left(v_rest, 2048) from
            '^\{\{(?:[^''"{}]|''(?:[^''\\]|\\.)*''|"(?:[^"\\]|\\.)*")*\}\}');
        if v_source is null then
            v_error := automation_private.build_error(null, 'template_syntax',
                'the braces are not closed: expected {{ path | filter }}',
                'literal braces are written \{{');
        elsif jsonb_array_length(v_values) = 200 then
            v_error := automation_private.build_error(null, 'too_large',
                'a text has at most 200 expressions');
        else
            v_one := automation_private.compile_placeholder(
                substr(v_source, 3, length(v_source) - 4), p_roots);
            v_error := v_one.errors;
        end if;
        if v_error is null and v_one.reads = '{secrets}' and v_source <> p_text then
            v_error := automation_private.build_error(null, 'secret_reference',
                'a secret must be the whole value, without other text');
        end if;
        if v_error is not null then
            v_result.errors := jsonb_build_array((v_error - 'at') || jsonb_build_object(
                'pointer', p_pointer, 'message', format('at character %s: %s',
                    length(p_text) - length(v_rest) + coalesce((v_error ->> 'at')::integer + 3, 1),
                    v_error ->> 'message')));
            return v_result;
        end if;

        v_rest := substr(v_rest, length(v_source) + 1);
        v_result.reads := v_result.reads || v_one.reads;
        if v_one.bindings is not null then
            v_texts := v_texts || v_literal;
            v_values := v_values || jsonb_build_array(v_one.bindings);
            v_literal := '';
        elsif v_one.reads = '{secrets}' then
            v_literal := format('{{%s}}', v_one.value #>> '{}');
        else
            v_literal := v_literal || (v_one.value #>> '{}');
        end if;
    end loop;

    v_literal := v_literal || v_rest;
    if coalesce(v_texts[1], v_literal) ~ '^\{\{[^A-Za-z}]*secrets'
        and v_result.reads <> '{secrets}'
    then
        v_result.errors := jsonb_build_array(automation_private.build_error(p_pointer,
            'secret_reference', 'text may not begin like a secret'));
    elsif v_values = '[]' then
        v_result.value := to_jsonb(v_literal);
    elsif v_texts = '{""}' and v_literal = '' then
        v_result.bindings := jsonb_build_object('values', v_values);
    else
        v_result.bindings := jsonb_build_object(
            'texts', to_jsonb(v_texts || v_literal), 'values', v_values);
    end if;
    return v_result;
end;
$$;

comment on function automation_private.compile_text(text, text[], text) is
    'One templated text: its expressions {values, texts} in bindings, or what it comes to in '
    'value when it has none; at most one error.';
