"""Client of the VRM cloud for one account.

Source: VRM API v2 documentation (vrm-api-docs.victronenergy.com), copies of 2025 and 2026.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

import aiohttp

from .budget import Budget, Priority
from .errors import VrmNotFoundError
from .flows import FLOWS
from .models import (
    AccessToken,
    AlarmLogEntry,
    Device,
    Interval,
    Reading,
    Series,
    Site,
    Stats,
    User,
)
from .parsing import (
    parse_alarm_log,
    parse_devices,
    parse_diagnostics,
    parse_flows,
    parse_row,
    parse_site,
    parse_stats,
    parse_tokens,
    parse_user,
    site_records,
)
from .transport import Transport

ROWS_PER_PAGE: Final = 1000
MOST_PAGES: Final = 10
ROWS_AT_ONCE: Final = 100  # that are looked at before others get their turn


class VrmClient:
    """One account; how requests travel is in Transport."""

    def __init__(
        self, session: aiohttp.ClientSession, base: str, token: str, budget: Budget
    ) -> None:
        """Take a personal access token, and a session that is not closed here."""
        self.transport = Transport(session, base, f"Token {token}", budget)

    def close(self) -> None:
        """Send nothing more."""
        self.transport.close()

    async def me(self) -> User:
        """Return whose token it is; the only proof that it is, or is not, a good one.

        Raises:
            VrmAuthError: nobody's.
            VrmError: all else.
        """
        return parse_user(await self.transport.send("GET", "users/me"))

    async def tokens(self, user_id: int) -> list[AccessToken]:
        """Return the account's access tokens, without their secrets. Raises as me() does."""
        send = self.transport.send
        try:
            answer = await send("GET", f"users/{user_id}/accesstokens", priority=Priority.SITE)
        except VrmNotFoundError:  # so it was called before 2026
            answer = await send("GET", f"users/{user_id}/accesstokens/list", priority=Priority.SITE)
        return parse_tokens(answer)

    async def sites(self, user_id: int) -> list[Site]:
        """Return all sites with the values that the portal's overview shows.

        Raises as me() does, and VrmForbiddenError: the token is another user's.
        """
        path = f"users/{user_id}/installations"
        query = [("extended", "1")]
        answer = await self.transport.send("GET", path, query=query, priority=Priority.ACCOUNT)
        sites: list[Site] = []
        for record in site_records(answer):
            if site := parse_site(record):
                sites.append(site)
            await asyncio.sleep(0)  # a hundred sites are a lot at once
        return sites

    async def devices(self, site_id: int) -> list[Device]:
        """Return the devices of a site. Raises as me() does."""
        path = f"installations/{site_id}/system-overview"
        return parse_devices(await self.transport.send("GET", path, priority=Priority.SITE))

    async def diagnostics(self, site_id: int, priority: Priority = Priority.SITE) -> list[Reading]:
        """Return the newest value of everything that a site has ever logged.

        Raises as me() does, and VrmForbiddenError: monitoring access does not include it.
        """
        path = f"installations/{site_id}/diagnostics"
        rows: list[Mapping[str, Any]] = []
        for page in range(1, MOST_PAGES + 1):
            query = [("count", str(ROWS_PER_PAGE)), ("page", str(page))]
            answer = await self.transport.send("GET", path, query=query, priority=priority)
            found, in_all = parse_diagnostics(answer)
            rows += found
            if not found or len(rows) >= in_all:
                break
        readings: list[Reading] = []
        for number, row in enumerate(rows):
            if reading := parse_row(row):
                readings.append(reading)
            if number % ROWS_AT_ONCE == ROWS_AT_ONCE - 1:
                await asyncio.sleep(0)
        return readings

    async def stats(
        self,
        site_id: int,
        kind: str,
        interval: Interval,
        start: float,
        end: float,
        codes: Iterable[str] = (),
        *,
        instance: int | None = None,
        priority: Priority = Priority.SITE,
    ) -> Stats:
        """Return time series; times are in seconds since 1970, buckets begin at `start`.

        The longest span of each interval is in models.LONGEST_SPAN. Of several devices that log a
        code, `instance` says which one is meant; without it VRM adds them up.

        Raises as me() does, and VrmRefusedError: the span is too long.
        """
        query = _span(kind, interval, start, end, codes)
        if instance is not None:
            query.append(("show_instance", "1"))
        path = f"installations/{site_id}/stats"
        answer = await self.transport.send("GET", path, query=query, priority=priority)
        return parse_stats(answer, instance)

    async def flows(
        self,
        site_id: int,
        interval: Interval,
        start: float,
        end: float,
        *,
        priority: Priority = Priority.SITE,
    ) -> dict[str, Series]:
        """Return all energy flows of a site, to be added up. Raises as stats() does.

        An answer of which some makes no sense is refused.
        """
        path = f"installations/{site_id}/stats"
        query = _span("kwh", interval, start, end, FLOWS)
        return parse_flows(await self.transport.send("GET", path, query=query, priority=priority))

    async def alarm_log(self, site_id: int) -> list[AlarmLogEntry]:
        """Return a site's last alarms, the oldest first; not documented, so it may be gone.

        Raises as me() does.
        """
        path = f"installations/{site_id}/alarm-log"
        return parse_alarm_log(await self.transport.send("GET", path, priority=Priority.SITE))

    async def clear_alarm(self, site_id: int, alarm_id: int) -> None:
        """Take an alarm off the portal's list. Raises as me() does."""
        path = f"installations/{site_id}/clear-alarm"
        await self.transport.send("POST", path, body={"alarmId": alarm_id})


def _span(
    kind: str, interval: Interval, start: float, end: float, codes: Iterable[str]
) -> list[tuple[str, str]]:
    """Return the query for time series."""
    return [
        ("type", kind),
        ("interval", str(interval)),
        ("start", str(int(start))),
        ("end", str(int(end))),
        *(("attributeCodes[]", code) for code in codes),
    ]
