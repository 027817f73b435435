create or replace function automation_private.ranked_values(p_op text, p_value jsonb, p_rank jsonb)
returns jsonb
language sql immutable
begin atomic
    with ranked as (
        select r.value, r.at
        from jsonb_array_elements(p_rank) with ordinality as r (value, at)
    ),

    bound as (
        select min(ranked.at) as lower_at, max(ranked.at) as upper_at
        from ranked
        where
            ranked.value = p_value
            or jsonb_typeof(p_value) = 'array' and ranked.value in (p_value -> 0, p_value -> 1)
    )

    select coalesce(jsonb_agg(ranked.value order by ranked.at), '[]')
    from ranked, bound
    where case p_op
        when 'lt' then ranked.at < bound.lower_at
        when 'lte' then ranked.at <= bound.lower_at
        when 'gt' then ranked.at > bound.lower_at
        when 'gte' then ranked.at >= bound.lower_at
        else ranked.at between bound.lower_at and bound.upper_at
    end;
end;

comment on function automation_private.ranked_values(text, jsonb, jsonb) is
'The members of a rank that an ordering operator accepts.';
