"""What the control interface can do to the cloud."""

from typing import TYPE_CHECKING, Any

from .devices import NAMES
from .styles import (
    DaySteps,
    Empty,
    ErrorStyle,
    LimitBody,
    RetryAfter,
    TokenApi,
    TwoFactor,
)

if TYPE_CHECKING:
    from simulators.control import JsonObject

    from .simulator import VrmSimulator
    from .site import Site

# Attributes of the simulator that POST /set may change, and their types.
SWITCHES: dict[str, type] = {
    "alarm_log": bool,
    "bearer_seconds": float,
    "clear_alarm_by_delete": bool,
    "day_steps": DaySteps,
    "demo": bool,
    "empty": Empty,
    "enum_alarms": bool,
    "error_style": ErrorStyle,
    "errors_as_200": bool,
    "instances_as_object": bool,
    "keep_alive": bool,
    "lagging_enums": bool,
    "latency": float,
    "limit_body": LimitBody,
    "login_drain": float,
    "login_size": int,
    "password_login": bool,
    "rate_drain": float,
    "rate_size": int,
    "retry_after": RetryAfter,
    "retry_after_seconds": int,
    "snapped_hours": bool,
    "token_api": TokenApi,
    "token_api_missing_status": int,
    "two_factor": TwoFactor,
    "zeros_listed": bool,
}


def add_commands(simulator: VrmSimulator) -> None:
    """Offer the commands of the cloud on its control interface."""
    commands = _Commands(simulator)
    names = (
        *("set", "language", "unauthorise", "authorise", "expire", "revoke", "new_token"),
        *("offline", "online", "deliver", "restart_gateway", "interval", "move", "access"),
        *("hold", "live", "alarm", "end_alarms", "fill", "forecast"),
        *("add_site", "remove_site", "add_device", "remove_device", "reassign"),
    )
    simulator.control.commands |= {name: getattr(commands, name) for name in names}
    simulator.control.pages |= {
        "sites": lambda: {
            "sites": [describe_site(simulator, site) for site in simulator.sites.values()]
        },
    }


def describe_switches(simulator: VrmSimulator) -> dict[str, Any]:
    """Return all switches as JSON can hold them."""
    return {name: getattr(simulator, name) for name in SWITCHES}


def describe_site(simulator: VrmSimulator, site: Site) -> JsonObject:
    """Return a site as JSON can hold it."""
    now = simulator.now
    instant = site.ledger.at(now)
    return {
        "id": site.id,
        "kind": site.kind,
        "name": site.name,
        "identifier": site.identifier,
        "user": site.owner_id,
        "online": site.online(now),
        "last": site.logged(now),
        "interval": site.interval,
        "phase": site.phase,
        "created": site.created,
        "access_level": site.access_level,
        "watts": {"solar": round(instant.pv), "consumption": round(instant.consumption)},
        "alarms": [alarm.id for alarm in site.alarms if alarm.ended is None],
        "devices": [
            {
                "type": device.type.name.lower(),
                "name": NAMES[device.type],
                "instance": device.instance,
                "product": device.product,
                "connected": device.removed > now,
                "listed": device.listed,
            }
            for device in site.devices
        ],
    }


class _Commands:
    """The commands; each takes the JSON body of its request."""

    def __init__(self, simulator: VrmSimulator) -> None:
        self._simulator = simulator

    async def set(self, body: JsonObject) -> None:
        """Change switches."""
        changes = {name: _typed(name, value, SWITCHES[name]) for name, value in body.items()}
        for name, value in changes.items():
            setattr(self._simulator, name, value)

    async def language(self, body: JsonObject) -> None:
        """Write texts in another language: language."""
        self._simulator.set_language(str(body["language"]))

    async def unauthorise(self, body: JsonObject) -> None:
        """Let paths refuse good credentials: path, status."""
        status = body.get("status", 401)
        if type(status) is not int or not 400 <= status <= 599:
            raise ValueError("a status is from 400 to 599")
        self._simulator.unauthorised[str(body["path"])] = status

    async def authorise(self, body: JsonObject) -> None:
        """Let paths take good credentials again: path; without: all."""
        if (path := body.get("path")) is None:
            self._simulator.unauthorised.clear()
        else:
            del self._simulator.unauthorised[str(path)]

    async def expire(self, body: JsonObject) -> None:
        """Let credentials be worth nothing from now on: tokens, bearers."""
        self._simulator.expire(
            tokens=bool(body.get("tokens", True)), bearers=bool(body.get("bearers", True))
        )

    async def revoke(self, body: JsonObject) -> None:
        """Revoke an access token: id; without: all of the owner."""
        vault = self._simulator.vault
        wanted = body.get("id")
        gone = [t.id for t in vault.of(self._simulator.owner) if wanted in {None, t.id}]
        if not gone:
            raise KeyError(wanted)
        for number in gone:
            del vault.tokens[number]

    async def new_token(self, body: JsonObject) -> JsonObject:
        """Make the owner another access token: name, expires."""
        return {"token": self._simulator.new_token(**body)}

    async def offline(self, body: JsonObject) -> None:
        """Let nothing come from a site: site, hours or null, delay (seconds) or null."""
        hours = body.get("hours")
        seconds = None if hours is None else float(hours) * 3600
        self._simulator.go_offline(self._site(body), seconds, delay=_delay(body))

    async def online(self, body: JsonObject) -> None:
        """Let a site be heard of again: site, delay (seconds) or null."""
        self._simulator.come_online(self._site(body), delay=_delay(body))

    async def deliver(self, body: JsonObject) -> None:
        """Let the backlog of a site arrive: site."""
        self._simulator.deliver(self._site(body))

    async def restart_gateway(self, body: JsonObject) -> None:
        """Start a gateway again: site."""
        self._simulator.restart_gateway(self._site(body))

    async def interval(self, body: JsonObject) -> None:
        """Let a site log at other intervals: site, seconds."""
        seconds = int(body["seconds"])
        if not 60 <= seconds <= 900:
            raise ValueError("seconds must be from 60 to 900")
        site = self._site(body)
        site.interval, site.phase = seconds, site.phase % seconds

    async def move(self, body: JsonObject) -> None:
        """Put a site somewhere else: site, latitude, longitude."""
        where = float(body["latitude"]), float(body["longitude"])
        self._simulator.move(self._site(body), *where)

    async def access(self, body: JsonObject) -> None:
        """Change what the owner may do at a site: site, level (0, 1, 2)."""
        if body["level"] not in {0, 1, 2}:
            raise ValueError("level must be 0, 1 or 2")
        self._site(body).access_level = body["level"]

    async def forecast(self, body: JsonObject) -> None:
        """Let a site have forecasts or none: site, on."""
        self._site(body).forecast = bool(body["on"])

    async def hold(self, body: JsonObject) -> None:
        """Let a value be something: site, code, value, instance or null."""
        site = self._site(body)
        self._simulator.hold(site, body["code"], body["value"], body.get("instance"))

    async def live(self, body: JsonObject) -> None:
        """Let a value go its own way again: site, code, instance or null."""
        self._simulator.let_live(self._site(body), body["code"], body.get("instance"))

    async def alarm(self, body: JsonObject) -> JsonObject:
        """Raise an alarm: site, code, instance or null."""
        code = body.get("code", "ASoc")
        alarm = self._simulator.raise_alarm(self._site(body), code, body.get("instance"))
        return {"id": alarm.id}

    async def end_alarms(self, body: JsonObject) -> JsonObject:
        """End alarms: site, code or null."""
        return {"ended": self._simulator.end_alarms(self._site(body), body.get("code"))}

    async def fill(self, body: JsonObject) -> None:
        """Fill the bucket of the rate limit: level; without: to the brim."""
        level = float(body.get("level", self._simulator.rate_size))
        self._simulator.fill_bucket(level)

    async def add_site(self, body: JsonObject) -> JsonObject:
        """Give the owner another site: kind, name or null."""
        site = self._simulator.add_site(body["kind"], name=body.get("name"))
        return {"site": describe_site(self._simulator, site)}

    async def remove_site(self, body: JsonObject) -> None:
        """Take a site away: site."""
        self._simulator.remove_site(self._site(body))

    async def add_device(self, body: JsonObject) -> None:
        """Connect a device: site, type, instance, product, and fields of `Device`."""
        site = self._site(body)
        del body["site"]
        kind, instance = body.pop("type"), int(body.pop("instance"))
        self._simulator.add_device(site, kind, instance, body.pop("product"), **body)

    async def remove_device(self, body: JsonObject) -> None:
        """Take a device away: site, type, instance."""
        site = self._site(body)
        device = self._simulator.device(site, body["type"], body["instance"])
        self._simulator.remove_device(site, device)

    async def reassign(self, body: JsonObject) -> None:
        """Give a device another instance: site, type, instance, to."""
        site = self._site(body)
        device = self._simulator.device(site, body["type"], body["instance"])
        self._simulator.reassign(site, device, int(body["to"]))

    def _site(self, body: JsonObject) -> Site:
        """Return the site that a body names by its number or kind."""
        return self._simulator.site(body["site"])


def _delay(body: JsonObject) -> float | None:
    delay = body.get("delay", 3600)
    return None if delay is None else float(delay)


def _typed(name: str, value: Any, kind: type) -> Any:
    """Return a value in the type of its switch."""
    if isinstance(value, bool) is not (kind is bool):
        raise TypeError(f"{name} must be of type {kind.__name__}")
    made = kind(value)
    if isinstance(made, int | float) and made < 0:
        raise ValueError(f"{name} must not be below 0")
    return made
