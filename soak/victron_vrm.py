"""A Victron VRM account with two sites; nothing can be set there."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import override
from unittest.mock import patch

from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulators.victron_vrm import ErrorStyle, LimitBody, RetryAfter, VrmSimulator
from simulators.victron_vrm.attributes import SERVICES
from simulators.victron_vrm.devices import DeviceType
from simulators.victron_vrm.rows import Row, rows_of
from simulators.victron_vrm.site import Site

from .room import Happening, Pair, Room, Trouble
from .wishes import Arrival

KINDS = ("ess", "ev")

# Modules that know the address of the cloud.
_ASK_THE_CLOUD = (
    "custom_components.victron_vrm.connection.API_URL",
    "custom_components.victron_vrm.config_flow.API_URL",
)


class VictronVrm(Room):
    """An account with two houses."""

    domain = "victron_vrm"
    paths = (
        *("*", "*", "/v2/users/*/installations", "/v2/installations/*/diagnostics"),
        "/v2/installations/*/stats",
    )
    simulator: VrmSimulator

    @override
    async def start(self) -> None:
        self.simulator = cloud = VrmSimulator(seed=self.seed, clock=self.clock, kinds=KINDS)
        cloud.latency = 0.3
        await cloud.start()
        for name in _ASK_THE_CLOUD:
            change = patch(name, f"{cloud.url}/v2")
            change.start()
            self.undo.append(change.stop)
        await self.set_up(
            MockConfigEntry(
                domain=self.domain,
                title="VRM",
                unique_id=str(cloud.owner.id),
                data={"token": cloud.token, "user_id": cloud.owner.id},
                # There is no recorder here that would keep it.
                options={"history": False},
            )
        )

    @property
    def sites(self) -> list[Site]:
        """Return the sites of the account."""
        return [self.simulator.site(kind) for kind in KINDS]

    @override
    def journal(self) -> list[Arrival]:
        """Return what was more than a question."""
        calls = self.simulator.stats.calls
        return [(name,) for name in calls.elements() if not name.startswith("GET ")]

    # What goes wrong

    @override
    def troubles(self) -> Mapping[str, Trouble]:
        return {
            "rate limit": self.rate_limit,
            "full bucket": self.full_bucket,
            "expired token": self.expired_token,
            "endpoint refuses": self.endpoint_refuses,
            "errors as 200": self.errors_as_200,
            "site offline": self.site_offline,
            "late backlog": self.late_backlog,
            "other language": self.other_language,
        }

    async def rate_limit(self, chance: Random) -> None:
        """Answer most requests with 429."""
        cloud = self.simulator
        usual = cloud.rate_size, cloud.rate_drain
        cloud.rate_size, cloud.rate_drain = chance.randint(1, 3), chance.uniform(0.001, 0.02)
        cloud.retry_after = chance.choice((RetryAfter.SECONDS, RetryAfter.NOTHING))
        cloud.limit_body = chance.choice(list(LimitBody))
        await self.last(chance)
        cloud.rate_size, cloud.rate_drain = usual

    async def full_bucket(self, _: Random) -> None:
        """Let other programs have used up all requests."""
        self.simulator.fill_bucket()
        await asyncio.sleep(60)

    async def expired_token(self, chance: Random) -> None:
        """Let the token expire; the user makes another one some hours later."""
        self.simulator.expire()
        await self.last(chance, 3600)
        token = self.simulator.new_token()
        await self.log_in_again({"next_step_id": "token"}, {"token": token})

    async def endpoint_refuses(self, chance: Random) -> None:
        """Let one endpoint refuse good credentials."""
        path = f"/v2/installations/*/{chance.choice(('diagnostics', 'stats', 'system-overview'))}"
        self.simulator.unauthorised[path] = chance.choice((401, 403))
        await self.last(chance)
        del self.simulator.unauthorised[path]

    async def errors_as_200(self, chance: Random) -> None:
        """Answer errors in another style, some of them as if all were well."""
        self.simulator.errors_as_200 = True
        self.simulator.error_style = chance.choice(list(ErrorStyle))
        await self.endpoint_refuses(chance)
        self.simulator.errors_as_200 = False
        self.simulator.error_style = ErrorStyle.USUAL

    async def site_offline(self, chance: Random) -> None:
        """Let a gateway lose its connection for hours."""
        site = chance.choice(self.sites)
        seconds = chance.uniform(600, 3 * 3600)
        self.simulator.go_offline(site, seconds, delay=chance.uniform(0, 1800))
        await asyncio.sleep(seconds)

    async def late_backlog(self, chance: Random) -> None:
        """Let a short gap be filled much later."""
        site = chance.choice(self.sites)
        self.simulator.go_offline(site, 1200, delay=chance.uniform(3600, 4 * 3600))
        await asyncio.sleep(1200)

    async def other_language(self, chance: Random) -> None:
        """Write texts in another language, as when the user changes it in the portal."""
        self.simulator.set_language(chance.choice(("de", "it", "pt")))
        await self.last(chance)
        self.simulator.set_language("en")

    # What happens there

    @override
    def happenings(self) -> Mapping[str, Happening]:
        return {
            "alarm": lambda chance: self._alarm(chance.choice(self.sites)),
            "alarms over": lambda chance: self._over(chance.choice(self.sites)),
            "gateway restarts": lambda chance: self.simulator.restart_gateway(
                chance.choice(self.sites)
            ),
        }

    def _alarm(self, site: Site) -> None:
        if not any(alarm.ended is None for alarm in site.alarms):
            self.simulator.raise_alarm(site, "ASoc")

    def _over(self, site: Site) -> None:
        self.simulator.end_alarms(site)

    @override
    def rest(self) -> None:
        for site in self.sites:
            for row in list(self._numbers(site)):
                self.simulator.hold(site, row.attribute.code, row.value, row.device.instance)

    def _numbers(self, site: Site) -> Iterator[Row]:
        for row in rows_of(site, self.simulator.now):
            number = isinstance(row.value, int | float) and not isinstance(row.value, bool)
            if row.attribute.data_type == "float" and number:
                yield row

    # What has to be shown

    @override
    def pairs(self) -> Iterable[Pair]:
        for site in self.sites:
            for row in self._numbers(site):
                entity_id = self._entity(site, row)
                if entity_id and (state := self.hass.states.get(entity_id)):
                    yield Pair(state.entity_id, str(row.value), row.attribute.code)
            yield self._flag(site, "connection", on=True)
            alarms = any(alarm.ended is None for alarm in site.alarms)
            yield self._flag(site, "alarm", on=alarms)

    def _flag(self, site: Site, key: str, *, on: bool) -> Pair:
        entity_id = self.find("binary_sensor", f"{site.id}-{key}")
        return Pair(entity_id, "on" if on else "off", key)

    def _entity(self, site: Site, row: Row) -> str | None:
        """Return the entity of a value, if there is one."""
        device, code = row.device, row.attribute.code
        if device.type is DeviceType.SYSTEM:
            return self.find("sensor", f"{site.id}-{code}")
        for kind in (SERVICES.get(device.type), f"type{int(device.type)}"):
            if entity_id := self.find("sensor", f"{site.id}-{kind}_{device.instance}-{code}"):
                return entity_id
        return None
