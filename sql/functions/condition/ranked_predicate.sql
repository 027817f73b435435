create or replace function automation_private.ranked_predicate(
    p_subject text, p_accepted jsonb, p_rank jsonb
)
returns text
language sql immutable
begin atomic
    select automation_private.some_item(p_subject, accepted.item, format(
        '(%1$s || %2$s.type() == "string" && !(%3$s) && 1 == "a")',
        accepted.scalar, p_subject, ranks.scalar
    ))
    from (
        select
            coalesce(string_agg('@ == ' || a::text, ' || '), '1 == 2') as item,
            coalesce(string_agg(p_subject || ' == ' || a::text, ' || '), p_subject || ' < ""')
                as scalar
        from jsonb_array_elements(p_accepted) as a
    ) as accepted,
        (
            select string_agg(p_subject || ' == ' || r::text, ' || ') as scalar
            from jsonb_array_elements(p_rank) as r
        ) as ranks;
end;

comment on function automation_private.ranked_predicate(text, jsonb, jsonb) is
'Membership in the accepted part of a rank as a jsonpath predicate; a text outside the rank makes it
unknown.';
