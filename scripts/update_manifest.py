#!/usr/bin/env python3
"""Brings sha256 and bytes in models/MANIFEST.json up to date after a file beside it was replaced."""
import hashlib
import json
import pathlib

folder = pathlib.Path(__file__).resolve().parent.parent / "models"
path = folder / "MANIFEST.json"
manifest = json.loads(path.read_text())
for model in manifest["models"]:
    content = (folder / model["file"]).read_bytes()
    model["sha256"] = hashlib.sha256(content).hexdigest()
    model["bytes"] = len(content)
path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
