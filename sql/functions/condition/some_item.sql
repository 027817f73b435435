create or replace function automation_private.some_item(
    p_subject text, p_item text, p_scalar text
)
returns text
language sql immutable
return format('(exists(%1$s ? (%2$s)) || %3$s && %1$s.type() != "array")',
    p_subject, p_item, p_scalar
);

comment on function automation_private.some_item(text, text, text) is
'The predicate that holds for a scalar (p_scalar) or for some item of a list (p_item, about @); an
item that cannot be compared does not hold, a scalar that cannot makes it unknown.';
