create or replace function automation_private.describe_filter(p_name text)
returns text
language sql immutable
return case p_name
    when 'default' then
        'default:''value'', where the value is text, a number, true, false, null or []'
    when 'truncate' then 'truncate:40 or truncate:40:''…'''
    when 'replace' then 'replace:''old'':''new'', each at most 100 characters'
    when 'date' then 'date, date:''DD Month YYYY'' or date:''HH24:MI'':''Europe/London'''
    when 'number' then
        'number, number:2 or number:2:''.'':'','' (decimals, thousands separator, decimal point)'
    when 'round' then 'round or round:2'
    when 'join' then 'join or join:'', '''
    else p_name || ', without an argument'
end;

comment on function automation_private.describe_filter(text) is
    'How a filter is written, by example.';
