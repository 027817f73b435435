create or replace function automation_private.check_exchange(p_document jsonb)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_document) is distinct from 'object' then
        return jsonb_build_array(automation_private.build_error(
            '', 'wrong_type', 'an exported template is an object'
        ));
    end if;
    return automation_private.finish_errors(automation_private.collect_errors(
        case
            when p_document -> 'format' is distinct from '"automation.template"'
                then automation_private.build_error(
                    '/format', 'unknown_format', 'the format must be "automation.template"'
                )
        end,
        case
            when p_document -> 'schema_version' is distinct from '1'
                then automation_private.build_error(
                    '/schema_version', 'unknown_version', 'the schema version must be 1'
                )
        end,
        automation_private.check_known_keys(
            p_document,
            array[
                'format', 'schema_version', 'name', 'description', 'category', 'tags', 'definition'
            ],
            ''
        ),
        automation_private.check_one_of(p_document, array['definition'], ''),
        automation_private.check_key_type(p_document, 'name', array['string'], ''),
        automation_private.check_key_type(p_document, 'description', array['string'], ''),
        automation_private.check_key_type(p_document, 'category', array['string'], '')
    ));
end;
$$;

comment on function automation_private.check_exchange(jsonb) is
    'The errors in the form of an exported template, apart from its definition.';
