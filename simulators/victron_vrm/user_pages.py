"""What belongs to a user: the account, its sites.

Source: VRM API v2 documentation, sections users/me, users/installations, users/search and
users/get-site-id.
"""

from typing import TYPE_CHECKING

from .errors import invalid
from .records import record
from .router import Body, Call, Router

if TYPE_CHECKING:
    from .simulator import VrmSimulator


class UserPages:
    """The pages of users."""

    def __init__(self, simulator: VrmSimulator, router: Router) -> None:
        """Serve a simulator's accounts."""
        self._simulator = simulator
        router.add("GET", "users/me", self.me)
        router.add("GET", "users/{user}/installations", self.installations)
        router.add("GET", "users/{user}/search", self.search)
        router.add("POST", "users/{user}/get-site-id", self.site_id)

    def me(self, call: Call) -> Body:
        """Tell who somebody is."""
        account, token = call.who.account, call.who.token
        user = {
            "id": account.id,
            "name": account.name,
            "email": account.email,
            "country": account.country,
            "accessLevel": 0 if account.demo else 1,
            "idAccessToken": None if token is None else token.id,
        }
        return {"success": True, "user": user}

    def installations(self, call: Call) -> Body:
        """List all sites, with their values if these are wanted."""
        simulator = self._simulator
        account = simulator.own(call)
        extended = call.query.get("extended") in {"1", "true"}
        wanted = call.query.get("idSite")
        sites = [site for site in simulator.sites_of(account) if wanted in {None, "", str(site.id)}]
        rows = [record(simulator, site, account, extended=extended) for site in sites]
        return {"success": True, "records": rows}

    def search(self, call: Call) -> Body:
        """Find sites by name or identifier."""
        simulator = self._simulator
        account, text = simulator.own(call), call.query.get("query", "").lower()
        if not text:
            return {"success": False, "error": ["The query field is required."]}
        found = [
            {"idSite": str(site.id), "siteName": site.name, "siteIdentifier": site.identifier}
            for site in simulator.sites_of(account)
            if text in site.name.lower() or text == site.identifier
        ]
        return {"success": True, "count": len(found), "results": found}

    def site_id(self, call: Call) -> Body:
        """Tell the number of the site with an identifier; unknown ones are a good answer."""
        wanted = call.body.get("installation_identifier")
        if not isinstance(wanted, str):
            raise invalid(installation_identifier="The identifier is required")
        for site in self._simulator.sites_of(self._simulator.own(call)):
            if site.identifier == wanted.lower():
                return {"success": True, "records": {"site_id": site.id}}
        return {"success": False, "errors": {"installation_identifier": "Unknown installation"}}
