create or replace function automation_private.match_path(p_text text)
returns text[]
language sql
immutable
return (
    select case
        when s.segments = '["entity"]' then array['entity']
        when s.segments @? 'strict $[*] ? (@.type() == "array")' or length(p_text) > 200 then null
        when s.segments ->> 0 not in ('new', 'old') then array['new'] || s.path
        when jsonb_array_length(s.segments) > 1 then s.path
    end
    from (
        select
            p.segments,
            array(
                select jsonb_array_elements_text(p.segments)
            ) as path
        from (select automation_private.split_path(p_text) as segments) as p
    ) as s
);

comment on function automation_private.match_path(text) is
    'Where in an event a key of "match" points: a field of the new row unless it says old, new or '
    'entity; null when it is no path to one value.';
