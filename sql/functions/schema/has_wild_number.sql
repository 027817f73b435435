create or replace function automation_private.has_wild_number(p_value jsonb)
returns boolean
language sql
immutable
return jsonb_path_exists(
    p_value, '$.** ? (@ >= 1e38 || @ <= -1e38 || @ != 0 && @ < 1e-38 && @ > -1e-38)'
);

comment on function automation_private.has_wild_number(jsonb) is
    'Whether a number anywhere in a document is beyond 38 digits: legal JSON that other programs '
    'cannot read.';
