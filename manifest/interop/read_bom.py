#!/usr/bin/env python3
"""Asks CycloneDX's own library about the bill of materials that `vai manifest bom` prints.

    pip install 'cyclonedx-python-lib[json-validation]'
    vai manifest bom --model DIR --out bom.json
    python3 manifest/interop/read_bom.py bom.json

Validates against the official schema of CycloneDX 1.6, strictly, then reads the bill into the library's own model and
looks for what has to be there. Exit code 0 if all holds, 1 if not, 2 without a file.
"""

import json
import sys

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import ComponentType
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def complaints(text):
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error is not None:
        yield f"schema of CycloneDX 1.6: {error}"
        return
    bom = Bom.from_json(json.loads(text))
    if bom.metadata.component.type != ComponentType.MACHINE_LEARNING_MODEL:
        yield "the subject is no model"
    kinds = sorted(component.type.value for component in bom.components)
    if "machine-learning-model" not in kinds or "data" not in kinds:
        yield f"expected a base model and data, found {kinds}"
    for component in bom.components:
        if component.type == ComponentType.DATA and not component.hashes:
            yield f"{component.name} has no hash"
    if not any(p.name == "verifiableai:manifest-sha256" and len(p.value) == 64 for p in bom.properties):
        yield "the manifest is not named"


def main(arguments):
    if len(arguments) != 1:
        print(__doc__)
        return 2
    with open(arguments[0], encoding="utf-8") as file:
        found = list(complaints(file.read()))
    for complaint in found:
        print("FAILED", complaint)
    if not found:
        print("OK", arguments[0], "is a bill of materials of CycloneDX 1.6")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
