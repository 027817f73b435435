create or replace function automation_private.read_approvers(p_value jsonb)
returns jsonb
language sql
immutable
return case
    when jsonb_typeof(p_value) = 'array' and jsonb_array_length(p_value) between 1 and 100 then (
        select
            case
                when bool_and(a.approver is not null)
                    then jsonb_agg(distinct a.approver)
            end
        from jsonb_array_elements(p_value) as e (value)
        cross join lateral (
            select
                case
                    when jsonb_typeof(e.value) = 'string' then e.value #>> '{}'
                    when e.value = jsonb_build_object('user', e.value -> 'user')
                        then e.value ->> 'user'
                end as person,
                case
                    when e.value = jsonb_build_object('role', e.value -> 'role')
                        then e.value ->> 'role'
                end as role_code
        ) as n
        cross join lateral (
            select
                case
                    when n.person
                        ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
                        then jsonb_build_object('user', lower(n.person))
                    when n.role_code ~ '^[a-z][a-z0-9_]{0,62}$'
                        then jsonb_build_object('role', n.role_code)
                end as approver
        ) as a
    )
end;

comment on function automation_private.read_approvers(jsonb) is
    'A list of approvers, each {"user"}, {"role"} or the id of a user, in canonical form; null '
    'when it is no such list.';
