"""How the API says no.

Source: VRM API v2 documentation: `success`, `errors` (a text, a list or an object) and
`error_code`. Which text comes with which mistake is mostly a guess.
"""

from http import HTTPStatus
from typing import Any

from .styles import ErrorStyle
from .texts import translated

type Errors = str | list[str] | dict[str, str]


class ApiError(Exception):
    """A request that is not carried out."""

    def __init__(self, status: int, errors: Errors, code: str | None = None) -> None:
        """Remember what to say."""
        super().__init__(str(errors))
        self.status = int(status)
        self.errors = errors
        self.code = code

    def body(self, style: ErrorStyle, language: str = "en") -> dict[str, Any]:
        """Return the body of the answer."""
        errors = self.errors
        if isinstance(errors, str):
            errors = translated(errors, language)
            texts = [errors]
        else:
            texts = list(errors.values() if isinstance(errors, dict) else errors)
        if style is ErrorStyle.STRING:
            errors = ", ".join(texts)
        elif style is ErrorStyle.LIST:
            errors = texts
        elif style is ErrorStyle.OBJECT:
            errors = {
                "error" if not number else f"error{number}": t for number, t in enumerate(texts)
            }
        return {"success": False, "errors": errors, "error_code": self.code}


def unauthorised(text: str = "Token is invalid", code: str = "invalid_token") -> ApiError:
    """Return the answer to somebody who is not known."""
    return ApiError(HTTPStatus.UNAUTHORIZED, text, code)


def forbidden(text: str = "You do not have access to this resource") -> ApiError:
    """Return the answer to somebody who may not."""
    return ApiError(HTTPStatus.FORBIDDEN, text, "forbidden")


def not_found(text: str = "Not found") -> ApiError:
    """Return the answer where there is nothing."""
    return ApiError(HTTPStatus.NOT_FOUND, text, "not_found")


def invalid(**errors: str) -> ApiError:
    """Return the answer to parameters that make no sense."""
    return ApiError(HTTPStatus.BAD_REQUEST, errors, "invalid_parameters")
