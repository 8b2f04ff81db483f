"""The certificate that a pump makes for itself.

Sources: owners' reports. The pump signs its own certificate, the vendor's app shows its
fingerprint, and the TLS of some units is so old that a client has to lower its security level.
"""

from datetime import UTC, datetime
import hashlib
from pathlib import Path
import ssl
import tempfile
import warnings

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

# Of each client's clock, whenever it is.
_VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_VALID_UNTIL = datetime(2049, 1, 1, tzinfo=UTC)
_CURVE = ec.SECP256R1()
_OLD_KEY_BITS = 1024
_OLD_CIPHERS = "AES128-SHA:AES256-SHA:@SECLEVEL=0"


class Identity:
    """A TLS context with a certificate that can be replaced while it is in use.

    A pump keeps its certificate while it is off: with the same name and seed, it is the same again.
    (Not the short RSA key of old ones: that cannot be made from a seed.)
    """

    def __init__(self, common_name: str, *, seed: int = 1, old: bool = False) -> None:
        """Make a certificate; `old` speaks TLS 1.0 and 1.1 only, with a short RSA key."""
        self.common_name = common_name
        self.old = old
        self._seed = seed
        self._made = 0
        self.context = _old_context() if old else ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.der = b""
        self.renew()

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the certificate as lower-case hex."""
        return hashlib.sha256(self.der).hexdigest()

    def renew(self) -> None:
        """Make a new key and a new certificate; connections that come from now on see it."""
        self._made += 1
        drawn = hashlib.sha256(f"{self.common_name}:{self._seed}:{self._made}".encode()).digest()
        number = int.from_bytes(drawn)
        key = (
            rsa.generate_private_key(65537, _OLD_KEY_BITS)
            if self.old
            else ec.derive_private_key(number, _CURVE)
        )
        certificate = _sign(self.common_name, key, serial=number >> 100)
        self.der = certificate.public_bytes(Encoding.DER)
        pem = certificate.public_bytes(Encoding.PEM)
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "identity.pem")
            path.write_bytes(secret + pem)
            self.context.load_cert_chain(path)


def _sign(
    common_name: str, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, serial: int
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    deterministic = True if isinstance(key, ec.EllipticCurvePrivateKey) else None
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(_VALID_FROM)
        .not_valid_after(_VALID_UNTIL)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=deterministic)
    )


def _old_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(_OLD_CIPHERS)
    with warnings.catch_warnings():
        # Python warns of versions that nobody should speak any more.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context
