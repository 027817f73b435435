create or replace function automation_private.list_schema_keywords()
returns jsonb
language sql immutable
return '{
    "type": "object",
    "additionalProperties": false,
    "properties": {
        "$schema": {"type": "string"},
        "$comment": {"type": "string"},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "default": {},
        "examples": {"type": "array"},
        "type": {"anyOf": [
            {"enum": ["string", "number", "integer", "boolean", "object", "array", "null"]},
            {"type": "array", "minItems": 1, "items": {
                "enum": ["string", "number", "integer", "boolean", "object", "array", "null"]
            }}
        ]},
        "enum": {"type": "array", "minItems": 1},
        "const": {},
        "minimum": {"type": "number"},
        "maximum": {"type": "number"},
        "minLength": {"type": "integer", "minimum": 0, "maximum": 1000000},
        "maxLength": {"type": "integer", "minimum": 0, "maximum": 1000000},
        "pattern": {"type": "string"},
        "format": {"enum": ["uri", "email", "date-time"]},
        "items": {"type": "object"},
        "minItems": {"type": "integer", "minimum": 0, "maximum": 1000000},
        "maxItems": {"type": "integer", "minimum": 0, "maximum": 1000000},
        "properties": {"type": "object", "additionalProperties": {"type": "object"}},
        "required": {"type": "array", "items": {"type": "string"}},
        "additionalProperties": {"type": ["boolean", "object"]},
        "anyOf": {"type": "array", "minItems": 1, "items": {"type": "object"}},
        "oneOf": {"type": "array", "minItems": 1, "items": {"type": "object"}}
    }
}'::jsonb;

comment on function automation_private.list_schema_keywords() is
    'The keywords of JSON Schema that are understood, as the schema of one level of a schema.';
