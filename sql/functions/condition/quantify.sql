create or replace function automation_private.quantify(
    p_quantifier text, p_items text, p_base text, p_item text, p_negated boolean
)
returns text
language sql immutable
return format(
    case
        when p_quantifier is null and p_negated then '(!exists(%1$s ? (%3$s)))'
        when p_quantifier is null or p_quantifier = 'some' and not p_negated
            then '(exists(%1$s ? (%3$s)))'
        when p_quantifier = 'some' then '(exists(%1$s ? (!%3$s)) && !(%2$s.type() == "null"))'
        when p_quantifier = 'every' and not p_negated
            then '(exists(%1$s) && !exists(%1$s ? (!%3$s || (%3$s) is unknown)))'
        when p_quantifier = 'every' then '(exists(%1$s) && !(%2$s.type() == "null")'
            || ' && !exists(%1$s ? (%3$s || (%3$s) is unknown)))'
        when not p_negated then '(!exists(%1$s ? (%3$s || (%3$s) is unknown)))'
        else '(!exists(%1$s ? (!%3$s || (%3$s) is unknown)) || %2$s.type() == "null")'
    end,
    p_items, p_base, p_item
);

comment on function automation_private.quantify(text, text, text, text, boolean) is
'A predicate about items put under a quantifier. Unknown items fail it. Without a quantifier a
negative operator is the complement of its positive twin; with one it is asked of each item.';
