create or replace function automation_private.check_count(p_split jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        case jsonb_typeof(p_split -> 'count')
            when 'number' then automation_private.check_key_number(
                p_split, 'count', 1, 1000, true, p_pointer
            )
            when 'string' then case
                when p_split ->> 'count' not like '%{{%' then automation_private.build_error(
                    p_pointer || '/count', 'wrong_type',
                    '"count" must be a number, or a template that makes one'
                )
            end
            else automation_private.check_key_type(
                p_split, 'count', array['number', 'string'], p_pointer
            )
        end,
        case
            when jsonb_typeof(p_split -> 'count') = 'number'
                and jsonb_typeof(p_split -> 'branches') = 'array'
                and (p_split -> 'count')::numeric * jsonb_array_length(p_split -> 'branches')
                    > 10000
                then automation_private.build_error(
                    p_pointer || '/count', 'out_of_range',
                    'a split makes at most 10000 tokens'
                )
        end
    );
end;
$$;

comment on function automation_private.check_count(jsonb, text) is
    'The error of how often a split activates each of its branches.';
