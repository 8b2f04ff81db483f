"""The three ways to show a bridge its token.

Sources: Bridge API 1.13.3, sections "Token" (plain), "Hashed token" and "Encrypted token". The
encrypted form sends its nonce as `nonce`, as the vendor's announcement and the public clients do;
the document's `nounce` is a slip of the pen.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
import hashlib
import hmac

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from .profiles import Traits

WINDOW = timedelta(seconds=60)
_MAX_RNR = 65535
_NONCE_BYTES = 24

SECRET_PARAMS = frozenset({"token", "hash", "ctoken", "nonce"})


class TokenCheck:
    """Decides whether a request may come in."""

    def __init__(self, traits: Traits) -> None:
        """Check by the rules of one bridge."""
        self._traits = traits
        self._used: dict[str, datetime] = {}

    def accepts(self, params: Mapping[str, str], token: str | None, now: datetime) -> bool:
        """Return whether the parameters prove knowledge of the token, for the first time."""
        if token is None:
            return False
        if "token" in params:
            return hmac.compare_digest(params["token"].encode(), token.encode())
        if "ctoken" in params and self._traits.encrypted_tokens:
            return self._encrypted(params, token, now)
        if "hash" in params and self._traits.hashed_tokens:
            return self._hashed(params, token, now)
        return False

    def forget(self) -> None:
        """Forget the proofs seen so far, as a restart does."""
        self._used.clear()

    def _hashed(self, params: Mapping[str, str], token: str, now: datetime) -> bool:
        plain = f"{params.get('ts', '')},{params.get('rnr', '')}"
        digest = hashlib.sha256(f"{plain},{token}".encode()).hexdigest()
        if not hmac.compare_digest(digest.encode(), params["hash"].lower().encode()):
            return False
        return self._fresh(plain, now)

    def _encrypted(self, params: Mapping[str, str], token: str, now: datetime) -> bool:
        try:
            nonce = bytes.fromhex(params.get("nonce", ""))
            ciphertext = bytes.fromhex(params["ctoken"])
            if len(nonce) != _NONCE_BYTES:
                return False
            key = hashlib.sha256(token.encode()).digest()
            plain = SecretBox(key).decrypt(ciphertext, nonce).decode()
        except CryptoError, ValueError:
            return False
        return self._fresh(plain, now, nonce.hex())

    def _fresh(self, plain: str, now: datetime, *more: str) -> bool:
        """Return whether "<time>,<number>" is in time and all proofs come for the first time."""
        self._used = {old: at for old, at in self._used.items() if abs(now - at) <= 2 * WINDOW}
        proofs = {plain, *more}
        if proofs & self._used.keys() or not _in_time(plain, now):
            return False
        self._used |= dict.fromkeys(proofs, now)
        return True


def _in_time(plain: str, now: datetime) -> bool:
    """Return whether "<time>,<number>" is well-formed and within the window."""
    text, _, number = plain.partition(",")
    try:
        sent = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return number.isdecimal() and int(number) <= _MAX_RNR and abs(now - sent) <= WINDOW
