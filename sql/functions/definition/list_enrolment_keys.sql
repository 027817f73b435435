create or replace function automation_private.list_enrolment_keys()
returns text[]
language sql
immutable
return array['enrol', 'goal', 'exit'];

comment on function automation_private.list_enrolment_keys() is
    'The keys of a template''s trigger about whom it lets in, how often, and when they are out.';
