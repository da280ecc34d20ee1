"""What a URI reference may look like: the grammar of RFC 3986, appendix A.

CloudEvents asks it of `source`. The libraries for it are not kept up any more.
"""

import re
from ipaddress import AddressValueError, IPv6Address
from typing import Final

_UNRESERVED: Final = r"A-Za-z0-9\-._~"
_SUB_DELIMS: Final = r"!$&'()*+,;="
_ESCAPED: Final = "%[0-9A-Fa-f]{2}"
_PCHAR: Final = f"(?:[{_UNRESERVED}{_SUB_DELIMS}:@]|{_ESCAPED})"
_NAME: Final = f"(?:[{_UNRESERVED}{_SUB_DELIMS}]|{_ESCAPED})*"
_USER: Final = f"(?:[{_UNRESERVED}{_SUB_DELIMS}:]|{_ESCAPED})*"
_FUTURE: Final = rf"v[0-9A-Fa-f]+\.[{_UNRESERVED}{_SUB_DELIMS}:]+"
_HOST: Final = rf"(?:\[(?:{_FUTURE}|(?P<ipv6>[0-9A-Fa-f:.]+))\]|{_NAME})"
_BEHIND_AUTHORITY: Final = f"//(?:{_USER}@)?{_HOST}(?::[0-9]*)?(?:/{_PCHAR}*)*"
_PATH: Final = f"/?(?:{_PCHAR}+(?:/{_PCHAR}*)*)?"
# Without a scheme a colon in the first segment would make one.
_PATH_ALONE: Final = f"(?:/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?|(?![^/?#]*:){_PATH})"
_END: Final = rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?"
_PATTERN: Final = re.compile(
    f"(?:[A-Za-z][A-Za-z0-9+.\\-]*:(?:{_BEHIND_AUTHORITY}|{_PATH})"
    f"|{_BEHIND_AUTHORITY.replace('?P<ipv6>', '?P<ipv6_relative>')}|{_PATH_ALONE}){_END}"
)


def is_uri_reference(text: str) -> bool:
    """Whether the text is a URI or a relative reference; the empty one is."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        return False
    address = found["ipv6"] or found["ipv6_relative"]
    try:
        return address is None or bool(IPv6Address(address))
    except AddressValueError:
        return False
