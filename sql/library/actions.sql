-- Rules ask behind a delay whether their condition still holds.
insert into automation_private.actions (
    action, runs, handler, config_schema, description, idempotent, internal
)
values (
    'recheck_rule', 'native', 'automation_private.recheck_rule',
    '{"type": "object", "additionalProperties": false}',
    'Ask again whether the condition of the rule holds.', true, true
)
on conflict (action) do update
set runs = excluded.runs, handler = excluded.handler, config_schema = excluded.config_schema,
    internal = excluded.internal;

-- The actions that every worker carries out, as the modules in py_actions/ declare them. Where a
-- repetition may have a second effect, only errors are retried that say that nothing was done.
insert into automation_private.actions (
    action, runs, config_schema, description, idempotent, retry, provider
)
values
    (
        'webhook',
        'external',
        '{
            "type": "object",
            "additionalProperties": false,
            "required": ["url"],
            "properties": {
                "url": {"type": "string", "format": "uri", "minLength": 1, "maxLength": 2048},
                "payload": {},
                "headers": {"type": "object", "x-secret": true},
                "secret": {
                    "type": ["string", "array"],
                    "items": {"type": "string"},
                    "minItems": 1,
                    "maxItems": 3,
                    "x-secret": true
                }
            }
        }',
        'POST a JSON document to a URL, signed when a secret is named (Standard Webhooks).',
        true,
        '{"max_attempts": 5, "backoff": 10, "factor": 2, "max_backoff": 3600, "jitter": 0.2}',
        '*'
    ),
    (
        'http_request',
        'external',
        '{
            "type": "object",
            "additionalProperties": false,
            "required": ["url"],
            "properties": {
                "method": {"enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]},
                "url": {"type": "string", "format": "uri", "minLength": 1, "maxLength": 2048},
                "headers": {"type": "object", "x-secret": true},
                "query": {"type": "object", "x-secret": true},
                "json": {},
                "body": {"type": "string"},
                "auth": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["type"],
                    "x-secret": true,
                    "properties": {
                        "type": {"enum": ["bearer", "basic"]},
                        "token": {"type": "string"},
                        "username": {"type": "string"},
                        "password": {"type": "string"}
                    }
                },
                "expect": {
                    "type": "array",
                    "items": {"type": "integer", "minimum": 100, "maximum": 599},
                    "minItems": 1,
                    "maxItems": 50
                },
                "response": {"enum": ["auto", "json", "text", "ignore"]}
            }
        }',
        'Call an HTTP API; the output is its status, some headers and the parsed body.',
        false,
        '{
            "max_attempts": 5,
            "backoff": 10,
            "factor": 2,
            "max_backoff": 3600,
            "jitter": 0.2,
            "retry_on": ["rate_limited", "unavailable"]
        }',
        '*'
    ),
    (
        'send_email',
        'external',
        '{
            "type": "object",
            "additionalProperties": false,
            "required": ["to", "subject"],
            "properties": {
                "to": {
                    "type": ["string", "array"],
                    "items": {"type": "string"},
                    "minItems": 1,
                    "maxItems": 100,
                    "minLength": 3
                },
                "cc": {
                    "type": ["string", "array"],
                    "items": {"type": "string"},
                    "minItems": 1,
                    "maxItems": 100,
                    "minLength": 3
                },
                "bcc": {
                    "type": ["string", "array"],
                    "items": {"type": "string"},
                    "minItems": 1,
                    "maxItems": 100,
                    "minLength": 3
                },
                "reply_to": {
                    "type": ["string", "array"],
                    "items": {"type": "string"},
                    "minItems": 1,
                    "maxItems": 100,
                    "minLength": 3
                },
                "from": {"type": "string", "minLength": 3},
                "subject": {"type": "string", "maxLength": 998},
                "text": {"type": "string"},
                "html": {"type": "string"}
            },
            "anyOf": [{"required": ["text"]}, {"required": ["html"]}]
        }',
        'Send an e-mail, as text, HTML or both, through the configured SMTP server.',
        false,
        '{
            "max_attempts": 5,
            "backoff": 10,
            "factor": 2,
            "max_backoff": 3600,
            "jitter": 0.2,
            "retry_on": ["rate_limited", "unavailable"]
        }',
        'smtp'
    ),
    (
        'send_slack',
        'external',
        '{
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "webhook_url": {
                    "type": "string", "minLength": 1, "maxLength": 2048, "x-secret": true
                },
                "text": {"type": "string", "minLength": 1, "maxLength": 40000},
                "blocks": {
                    "type": "array", "minItems": 1, "maxItems": 50, "items": {"type": "object"}
                }
            },
            "anyOf": [{"required": ["text"]}, {"required": ["blocks"]}]
        }',
        'Post a message to Slack through an incoming webhook.',
        false,
        '{
            "max_attempts": 5,
            "backoff": 10,
            "factor": 2,
            "max_backoff": 3600,
            "jitter": 0.2,
            "retry_on": ["rate_limited", "unavailable"]
        }',
        'slack'
    )
on conflict (action) do update
set
    runs = excluded.runs,
    handler = excluded.handler,
    config_schema = excluded.config_schema,
    description = excluded.description,
    idempotent = excluded.idempotent,
    retry = excluded.retry,
    provider = excluded.provider;
