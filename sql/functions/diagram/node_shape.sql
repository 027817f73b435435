create or replace function automation_private.node_shape(p_step_type text)
returns text[]
language sql
immutable
return case p_step_type
    when 'condition' then array['{', '}']
    when 'set' then array['[/', '/]']
    when 'delay' then array['([', '])']
    when 'split' then array['[/', '\]']
    when 'merge' then array['[\', '/]']
    when 'loop' then array['(', ')']
    when 'scope' then array['(', ')']
    when 'wait' then array['>', ']']
    when 'approval' then array['{{', '}}']
    when 'workflow' then array['[[', ']]']
    when 'stop' then array['(((', ')))']
    else array['[', ']']
end;

comment on function automation_private.node_shape(text) is
    'What stands around the label of a step of this type.';
