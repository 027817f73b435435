create or replace function automation_private.record_audit(
    p_org_id uuid,
    p_operation text,
    p_subject_type text,
    p_subject_id uuid,
    p_details jsonb default null
)
returns void
language sql
volatile
begin atomic
    insert into automation.automation_audit (
        org_id, audit_id, user_id, operation, subject_type, subject_id, details
    )
    values (
        p_org_id, automation_private.uuid_v7(), automation.current_user_id(),
        p_operation, p_subject_type, p_subject_id, p_details
    );
end;

comment on function automation_private.record_audit(uuid, text, text, uuid, jsonb) is
    'Appends one entry to the audit: the login role and the claimed user did this to that.';
