create or replace function automation_private.list_filters()
returns jsonb
language sql immutable
return '{
    "default": ["value"],
    "upper": [],
    "lower": [],
    "trim": [],
    "truncate": ["count", "text?"],
    "replace": ["needle", "text"],
    "json": [],
    "date": ["format?", "timezone?"],
    "number": ["digits?", "text?", "text?"],
    "round": ["digits?"],
    "join": ["text?"],
    "first": [],
    "last": [],
    "length": [],
    "urlencode": [],
    "htmlescape": [],
    "slug": []
}'::jsonb;

comment on function automation_private.list_filters() is
    'The filters a template may use, each with the kinds of its arguments; a ? marks an optional '
    'one.';
