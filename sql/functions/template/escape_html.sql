create or replace function automation_private.escape_html(p_text text)
returns text
language sql immutable
return replace(replace(replace(replace(replace(
    p_text, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');

comment on function automation_private.escape_html(text) is
    'Text that shows as itself in HTML, also inside a quoted attribute.';
