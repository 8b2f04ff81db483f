"""What can be done to accounts and sites from outside the API."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from .accounts import Account, Vault
from .alarms import end_alarm, raise_alarm
from .devices import Device, DeviceType
from .parks import build
from .site import Alarm, Hold, Site
from .styles import SiteKind
from .table_devices import BY_CODE
from .texts import LANGUAGES


class Hands(ABC):
    """The sites, and everything that happens to them."""

    owner: Account
    sites: dict[int, Site]
    vault: Vault

    @property
    @abstractmethod
    def now(self) -> float:
        """Return the seconds since 1970."""

    def add_site(
        self, kind: SiteKind | str, *, account: Account | None = None, name: str | None = None
    ) -> Site:
        """Give an account another site."""
        owner = self.owner if account is None else account
        number = sum(site.owner_id == owner.id for site in self.sites.values())
        seed = self.vault.seed
        kind = SiteKind(kind)
        while True:
            site = build(kind, number, seed=seed, owner_id=owner.id, now=self.now, name=name)
            if site.id not in self.sites:
                break
            number += 1
        self.sites[site.id] = site
        return site

    def remove_site(self, site: Site) -> None:
        """Take a site away from its owner."""
        del self.sites[site.id]

    def sites_of(self, account: Account) -> list[Site]:
        """Return the sites of an account."""
        return [site for site in self.sites.values() if site.owner_id == account.id]

    def site(self, wanted: SiteKind | str | int) -> Site:
        """Return the owner's first site of a kind, or any site by its number."""
        if isinstance(wanted, int):
            return self.sites[wanted]
        for site in self.sites_of(self.owner):
            if site.kind == wanted:
                return site
        raise KeyError(wanted)

    def go_offline(
        self, site: Site, seconds: float | None = None, *, delay: float | None = 3600
    ) -> None:
        """Let nothing come from a site, for a while or until `come_online`.

        What it logs meanwhile arrives `delay` seconds after its return; None: never.
        """
        site.cut_off(self.now, seconds, delay)

    def come_online(self, site: Site, *, delay: float | None = 3600) -> None:
        """Let a site be heard of again; what it logged arrives later, or never."""
        site.reconnect(self.now, delay)

    def deliver(self, site: Site) -> None:
        """Let everything arrive that a site logged while it was not heard of."""
        site.deliver(self.now)

    def raise_alarm(self, site: Site, code: str = "ASoc", instance: int | None = None) -> Alarm:
        """Let something be wrong at a site."""
        return raise_alarm(site, code, instance, self.now)

    def end_alarms(self, site: Site, code: str | None = None) -> int:
        """Let alarms be over, all or those of a code; return how many."""
        ended = [a for a in site.alarms if a.ended is None and code in {None, a.code}]
        for alarm in ended:
            end_alarm(site, alarm, self.now)
        return len(ended)

    def hold(self, site: Site, code: str, value: Any, instance: int | None = None) -> None:
        """Let a value be something from the next log on, until `let_live`; instance None: all."""
        if code not in BY_CODE:
            raise KeyError(code)
        site.held[code, instance] = Hold(value, self.now)

    def let_live(self, site: Site, code: str, instance: int | None = None) -> None:
        """Let a value go its own way again."""
        site.held[code, instance].until = self.now

    def restart_gateway(self, site: Site) -> None:
        """Start a gateway again: what it logs at boot is logged anew."""
        site.booted = self.now

    def move(self, site: Site, latitude: float, longitude: float) -> None:
        """Put a site somewhere else; the sun takes no notice."""
        if site.latitude is None:
            site.latitude, site.longitude, site.location_shown = latitude, longitude, True
        site.places.append((self.now, latitude, longitude))

    def device(self, site: Site, kind: DeviceType | str, instance: int) -> Device:
        """Return a device that is connected."""
        wanted = DeviceType[kind.upper()] if isinstance(kind, str) else kind
        for device in site.devices:
            known = (device.type, device.instance)
            if known == (wanted, instance) and device.removed > self.now:
                return device
        raise KeyError(f"{wanted.name} {instance}")

    def add_device(
        self, site: Site, kind: DeviceType | str, instance: int, product: str, **more: Any
    ) -> Device:
        """Connect a device; what else there is to say are the fields of `Device`."""
        wanted = DeviceType[kind.upper()] if isinstance(kind, str) else kind
        device = Device(wanted, instance, product, **more)
        if wanted is DeviceType.TANK:
            device.facts = {"fluid": 1, "capacity": 0.1, "level": 50} | device.facts
        elif wanted is DeviceType.TEMPERATURE:
            device.facts = {"kind": 2, "celsius": 20} | device.facts
        elif wanted is DeviceType.EV_CHARGER:
            known = sum(other.type is wanted for other in site.devices)
            device.number = known % max(1, site.plant.cars)
        site.devices.append(device)
        return device

    def remove_device(self, site: Site, device: Device) -> None:
        """Take a device away; it stays in all lists, with its last values."""
        device.removed = site.logged(self.now)

    def reassign(self, site: Site, device: Device, instance: int) -> Device:
        """Give a device another instance; the old one stays in all lists."""
        again = replace(device, instance=instance)
        self.remove_device(site, device)
        site.devices.append(again)
        return again

    def set_language(self, language: str, account: Account | None = None) -> None:
        """Write texts in another language."""
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}")
        (account or self.owner).language = language

    def expire(self, *, tokens: bool = True, bearers: bool = True) -> None:
        """Let what let the owner in be worth nothing from now on."""
        for token in self.vault.of(self.owner) if tokens else ():
            token.expires = self.now
        for bearer in self.vault.bearers.values() if bearers else ():
            if bearer.account is self.owner:
                bearer.expires = self.now

    def new_token(self, name: str = "Another", expires: float | None = None) -> str:
        """Make the owner another access token and return its secret."""
        return self.vault.add_token(self.owner, name, self.now, expires).secret
