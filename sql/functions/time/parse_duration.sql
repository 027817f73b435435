create or replace function automation_private.parse_duration(p_text text)
returns interval
language sql
immutable
return case
    when p_text ~ '^P(?=.)([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,5}W)?([0-9]{1,6}D)?'
        '(T(?=.)([0-9]{1,7}H)?([0-9]{1,8}M)?([0-9]{1,9}(\.[0-9]{1,6})?S)?)?$'
        then p_text::interval
    when p_text ~* '^[0-9]{1,9}(\.[0-9]{1,6})? ?'
        '(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)$'
        or p_text ~* '^[0-9]{1,6} ?(d|days?|w|weeks?|months?|years?)$'
        then p_text::interval
end;

comment on function automation_private.parse_duration(text) is
    'An ISO 8601 duration (PT1H, P2D) or a plain one (90s, 2 days) as an interval; null when it '
    'is neither.';
