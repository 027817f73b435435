create or replace function automation_private.draw_node(
    p_id text,
    p_shape text[],
    p_label text,
    p_class text
)
returns text
language sql
immutable
return concat(
    p_id, p_shape[1], '"', coalesce(nullif(p_label, ''), ' '), '"', p_shape[2], ':::' || p_class
);

comment on function automation_private.draw_node(text, text[], text, text) is
    'A node of a diagram; the label is escaped, the class may be null.';
