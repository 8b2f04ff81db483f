"""Start Home Assistant without the parts that a demo cannot use.

Home Assistant sets up some eighty integrations whatever the configuration says. The ones for
voice, cameras and remote access need a compiler, a codec or the internet, and log errors without
them; the demo leaves them out, so that nothing is fetched while it runs.

    python -m demo.lean --requirements      print what the remaining integrations need
    python -m demo.lean URL -c DIRECTORY    run Home Assistant; URL is the API of the simulated VRM
"""

from importlib import import_module
import json
from pathlib import Path
import sys
from types import ModuleType

from homeassistant import __main__ as hass_main, bootstrap, components

LEFT_OUT = {
    "ai_task",
    "assist_satellite",
    "backup",
    "camera",
    "cloud",
    "conversation",
    "image_processing",
    "stt",
    "tts",
    "wake_word",
}

# Imported by the frontend's list of actions even where the integration is not set up.
STAND_INS = {
    "pymicro_vad": ("MicroVad",),
    "pyspeex_noise": ("AudioProcessor",),
    "turbojpeg": ("TurboJPEG",),
}

# Integrations that the demo's configuration.yaml and its browser use besides the default ones.
USED = {"config", "energy", "frontend", "history", "logbook", "recorder", "webhook"}

# Without the one the web server warns that it is slow; the list of actions imports the other.
BESIDES = {"isal", "numpy"}

# A cloud has one address, and its integration no setting for another one.
CLOUD = "custom_components.victron_vrm"

_COMPILED = ("pymicro-vad", "pyspeex-noise", "PyTurboJPEG")


def requirements() -> list[str]:
    """Return the pinned packages of all integrations that will be set up, dependencies included."""
    root = Path(components.__path__[0])
    todo = set(bootstrap.DEFAULT_INTEGRATIONS) | USED
    seen: set[str] = set()
    found: set[str] = set()
    while todo:
        domain = todo.pop()
        seen.add(domain)
        manifest = json.loads((root / domain / "manifest.json").read_text(encoding="utf-8"))
        found.update(manifest.get("requirements", []))
        wanted = {*manifest.get("dependencies", []), *manifest.get("after_dependencies", [])}
        todo |= {name for name in wanted if name in bootstrap.DEFAULT_INTEGRATIONS} - seen
        todo |= set(manifest.get("dependencies", [])) - seen
    return sorted({*BESIDES, *found} - {name for name in found if name.startswith(_COMPILED)})


def redirect(url: str) -> None:
    """Let the integration of the VRM cloud ask the simulator."""
    import_module(CLOUD)
    for name in [name for name in sys.modules if name.startswith(f"{CLOUD}.")]:
        if hasattr(sys.modules[name], "API_URL"):
            sys.modules[name].API_URL = url  # type: ignore[attr-defined]


def main() -> int:
    """Run Home Assistant's own command line with the lean set of integrations."""
    bootstrap.DEFAULT_INTEGRATIONS -= LEFT_OUT
    for name, attributes in STAND_INS.items():
        module = ModuleType(name)
        for attribute in attributes:
            setattr(module, attribute, type(attribute, (), {}))
        sys.modules[name] = module
    redirect(sys.argv.pop(1))
    return hass_main.main()


if __name__ == "__main__":
    if sys.argv[1:] == ["--requirements"]:
        print("\n".join(requirements()))
    else:
        sys.exit(main())
