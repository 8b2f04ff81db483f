"""What belongs to a site: devices, values, energy, tags, settings.

Source: VRM API v2 documentation, sections below installations.
"""

from typing import TYPE_CHECKING, Any

from .alarms import end_alarm, log, settings
from .diagnostics import diagnostics, overview
from .errors import ApiError, forbidden, invalid, not_found
from .records import tags_of
from .router import Body, Call, Router
from .series import Query, Series
from .site import Site, Tag
from .table_devices import TABLE
from .weather import DAY
from .widgets import STATES, gps, graph, states, track, widget

if TYPE_CHECKING:
    from .simulator import VrmSimulator


class SitePages:
    """The pages of sites."""

    def __init__(self, simulator: VrmSimulator, router: Router) -> None:
        """Serve a simulator's sites."""
        self._simulator = simulator
        self._series = Series(simulator)
        router.add("GET", "data-attributes", self.attributes)
        pages = (
            *(("stats", self.stats), ("overallstats", self.overall), ("alarms", self.alarms)),
            *(("diagnostics", self.diagnostics), ("system-overview", self.overview)),
            *(("alarm-log", self.alarm_log), ("tags", self.tags), ("widgets/{name}", self.widget)),
            *(("dynamic-ess-settings", self.dess), ("reset-forecasts", self.last_reset)),
            ("gps-download", self.track),
        )
        for name, answer in pages:
            router.add("GET", f"installations/{{site}}/{name}", answer)
        router.add("POST", "installations/{site}/clear-alarm", self.clear_alarm)
        router.add("DELETE", "installations/{site}/clear-alarm", self.clear_alarm_by_delete)
        router.add("PUT", "installations/{site}/tags", self.add_tag)
        router.add("DELETE", "installations/{site}/tags", self.remove_tag)
        router.add("POST", "installations/{site}/reset-forecasts", self.reset)

    def stats(self, call: Call) -> Body:
        """Return energy readings."""
        site = self._site(call)
        start, end = self._span(call)
        query = Query(
            type=call.query.get("type", "live_feed"),
            interval=call.query.get("interval", "hours"),
            start=start,
            end=end,
            codes=self._codes(call),
            by_instance=call.query.get("show_instance", "0") not in {"0", "false", ""},
        )
        length = query.end - query.start
        self._simulator.stats.spans.append((site.id, query.type, query.interval, length))
        return self._series.stats(site, query)

    def overall(self, call: Call) -> Body:
        """Return sums of today, this week, month and year."""
        site = self._site(call)
        return self._series.overall(site, call.query.get("type", "kwh"), self._codes(call))

    def diagnostics(self, call: Call) -> Body:
        """Return a page of all values."""
        site = self._site(call)
        if not site.diagnostics_allowed:
            raise forbidden("You need full access to this installation")
        count, page = _number(call, "count", 100), _number(call, "page", 1)
        if count < 1 or page < 1:
            raise invalid(count="The count and the page must be at least 1")
        return diagnostics(self._simulator, site, self._language(call), count, page)

    def overview(self, call: Call) -> Body:
        """Return all devices."""
        return overview(self._simulator, self._site(call), self._language(call))

    def alarms(self, call: Call) -> Body:
        """Return what is watched."""
        site = self._site(call)
        self._no_demo(call)
        return settings(self._simulator, site, call.who.account)

    def alarm_log(self, call: Call) -> Body:
        """Return what has happened."""
        site = self._site(call)
        self._no_demo(call)
        if not self._simulator.alarm_log:
            raise not_found()
        return log(site)

    def clear_alarm(self, call: Call) -> Body:
        """End an alarm."""
        site = self._site(call)
        self._no_demo(call)
        for alarm in site.alarms:
            if str(alarm.id) == str(call.body.get("alarmId")):
                end_alarm(site, alarm, self._simulator.now)
                return {"success": True}
        raise not_found("Alarm not found")

    def clear_alarm_by_delete(self, call: Call) -> Body:
        """End an alarm in the way of a public client, if that works."""
        if not self._simulator.clear_alarm_by_delete:
            raise ApiError(405, "Method not allowed", "method_not_allowed")
        return self.clear_alarm(call)

    def tags(self, call: Call) -> Body:
        """Return the words that stick to a site."""
        site = self._site(call)
        self._no_demo(call)
        wanted = call.query.get("filter", "")
        sources: dict[str, list[Body]] = {"predefined": [], "group": [], "team": [], "user": []}
        for tag in tags_of(site):
            if wanted in {"", tag.source}:
                row = {"idTag": tag.id, "name": tag.name, "automatic": tag.automatic}
                sources.setdefault(tag.source, []).append(row)
        return {"success": True, "tags": sources}

    def add_tag(self, call: Call) -> Body:
        """Let a word stick to a site."""
        site = self._site(call)
        self._no_demo(call)
        if not isinstance(name := call.body.get("tag"), str) or not name:
            raise invalid(tag="The tag field is required")
        number = max((tag.id for tag in site.tags), default=736) + 1
        source = str(call.body.get("source", "user"))
        site.tags.append(Tag(number, name, source, automatic=False))
        return {"success": True, "data": {"tag": {"idTag": number, "name": name}}}

    def remove_tag(self, call: Call) -> Body:
        """Take a word away."""
        site = self._site(call)
        self._no_demo(call)
        kept = [tag for tag in site.tags if tag.name != call.body.get("tag")]
        removed, site.tags = len(kept) < len(site.tags), kept
        return {"success": True, "data": {"deleted": removed}}

    def dess(self, call: Call) -> Body:
        """Return the settings of Dynamic ESS; without any it is an error with status 200."""
        site = self._site(call)
        if not site.plant.sells:
            return {"success": False, "errors": ["No settings found for this site"]}
        data = {"idSite": site.id, "mode": 1, "batteryCapacity": site.plant.battery_kwh}
        return {"success": True, "data": data | {"isGreenModeOn": False, "isOn": True}}

    def last_reset(self, call: Call) -> Body:
        """Tell when the forecasts were begun anew; 0: never."""
        self._site(call)
        return {"success": True, "last_reset": 0}

    def reset(self, call: Call) -> Body:
        """Begin the forecasts anew."""
        self._site(call)
        if "resetType" not in call.body:
            raise ApiError(400, "ResetType is missing")
        return {"success": True}

    def widget(self, call: Call) -> Body:
        """Return a widget."""
        site, name = self._site(call), call.path["name"]
        now = self._simulator.now
        instance = _number(call, "instance", 0)
        if name == "Graph":
            ids = {str(a.id): a.code for table in TABLE.values() for a in table}
            codes = [ids.get(number, "") for number in call.lists.get("attributeIds", ())]
            codes += self._codes(call)
            width = _number(call, "width", 768)
            return graph(site, codes, instance, self._span(call), now, width)
        if name == "GPS":
            return gps(site, instance, now)
        if name in STATES:
            return states(site, name, instance, *self._span(call))
        return widget(self._simulator, site, name, instance)

    def track(self, call: Call) -> str:
        """Return where a site was."""
        if not {"start", "end"} <= call.query.keys():
            raise invalid(start="The start and end fields are required")
        return track(self._site(call), *self._span(call), self._simulator.now)

    def attributes(self, _: Call) -> Body:
        """Return all attributes that there are."""
        rows: dict[str, Any] = {}
        for table in TABLE.values():
            for attribute in table:
                rows[str(attribute.id)] = {
                    "code": attribute.code,
                    "dataType": attribute.data_type,
                    "description": attribute.description,
                    "formatWithUnit": attribute.format,
                }
        return {"success": True, "data": rows}

    def _site(self, call: Call) -> Site:
        return self._simulator.site_for(call)

    def _no_demo(self, call: Call) -> None:
        if call.who.account.demo:
            raise forbidden("The demo user may not do that")

    def _language(self, call: Call) -> str:
        return call.who.account.language

    def _codes(self, call: Call) -> tuple[str, ...]:
        if "attributeCodes" in call.query:
            self._simulator.stats.plain_codes += 1
        return tuple(dict.fromkeys(call.lists.get("attributeCodes", ())))

    def _span(self, call: Call) -> tuple[int, int]:
        end = _number(call, "end", int(self._simulator.now))
        return _number(call, "start", end - DAY), end


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "")
    if not text:
        return default
    try:
        return int(float(text))
    except ValueError:
        raise invalid(**{name: f"The {name} must be an integer"}) from None
