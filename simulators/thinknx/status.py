"""What the server tells about itself."""

from datetime import datetime, timedelta
import json
from random import Random
from typing import TYPE_CHECKING, Any

from .answers import Fields
from .controllers import SERVER_STATUS
from .styles import UptimeStyle

if TYPE_CHECKING:
    from .simulator import ThinknxSimulator

_DAY, _HOUR, _MINUTE = 86400, 3600, 60
_WORDS = {
    UptimeStyle.PLAIN: ("days", "hours", "min"),
    UptimeStyle.SHORT: ("days", "hours", "min"),
    UptimeStyle.ITALIAN: ("giorni", "ore", "min"),
    UptimeStyle.GERMAN: ("Tage", "Stunden", "Min."),
}
_CLIENT_SECONDS = 600.0


class ServerStatus:
    """Versions, uptimes and users of a server."""

    def __init__(self, simulator: ThinknxSimulator, seed: int) -> None:
        """Have been running for some days."""
        random = Random(f"thinknx:server:{seed}")  # noqa: S311
        self._simulator = simulator
        self._seed = seed
        self.process_started = -float(random.randint(_HOUR, 5 * _DAY))
        """Second of the plant in which the server's software was started."""
        self.server_started = self.process_started - random.randint(_DAY, 20 * _DAY)
        self.configured = simulator.plant.start - timedelta(seconds=random.randint(_DAY, 90 * _DAY))
        """Local time of the configuration that runs."""
        self.version = "01.05.00.27"
        self.pbx_users = ["201", "204", "doorbell"]
        self.connected_clients: int | None = None
        """How many apps are connected; None: some come and go."""

    def restarted(self, *, reboot: bool) -> None:
        """Begin to count anew."""
        self.process_started = self._simulator.plant.now
        if reboot:
            self.server_started = self.process_started

    def deployed(self) -> None:
        """Run another configuration from now on; one of the same second would look the same."""
        now = self._simulator.plant.local.replace(microsecond=0)
        self.configured = max(now, self.configured + timedelta(seconds=1))
        self.restarted(reboot=False)

    def fields(self) -> Fields:
        """Return the answer."""
        return [(key, json.dumps(value)) for key, value in self.facts().items()]

    def facts(self) -> dict[str, Any]:
        """Return what there is to tell."""
        now = self._simulator.plant.now
        style = self._simulator.uptime_style
        return {
            "namespace": SERVER_STATUS,
            "version": self.version,
            "process_uptime": uptime_text(now - self.process_started, style),
            "server_uptime": uptime_text(now - self.server_started, style),
            "config_time": config_text(self.configured),
            "connected_clients": self._clients(now),
            "pbx_users": ",".join(self.pbx_users),
        }

    def _clients(self, now: float) -> int:
        if self.connected_clients is not None:
            return self.connected_clients
        if not self._simulator.alive:
            return 2
        slot = int(now / _CLIENT_SECONDS)
        return Random(f"thinknx:clients:{self._seed}:{slot}").randint(1, 5)  # noqa: S311


def config_text(moment: datetime) -> str:
    """Return a time as the server writes it."""
    return f"{moment:%H:%M:%S %Y-%m-%d}"


def uptime_text(seconds: float, style: UptimeStyle) -> str:
    """Return an uptime as the server writes it."""
    left = max(0, int(seconds))
    parts = (left // _DAY, left % _DAY // _HOUR, left % _HOUR // _MINUTE)
    if style is UptimeStyle.SINGULAR:
        words = ("day" if parts[0] == 1 else "days", "hour" if parts[1] == 1 else "hours", "min")
    else:
        words = _WORDS[style]
    said = [f"{part} {word}" for part, word in zip(parts, words, strict=True)]
    if style is UptimeStyle.SHORT:
        shown = [text for text, part in zip(said, parts, strict=True) if part]
        said = shown or said[-1:]
    return " ".join(said)
