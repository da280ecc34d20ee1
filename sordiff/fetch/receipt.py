"""What is noted beside a fetched file: from where, when, which version, which bytes."""

from msgspec import Struct


class Version(Struct, frozen=True, kw_only=True):
    """What a server says by which one version of a file is told from another; None is not said."""

    etag: str | None = None
    last_modified: str | None = None
    length: int | None = None

    def differs(self, other: "Version") -> bool:
        """Whether the two are of different versions, by what both say.

        Length and date go before the ETag: servers that share their load often have one each.
        """
        pairs = ((self.length, other.length), (self.last_modified, other.last_modified))
        known = [pair for pair in pairs if None not in pair] or [(self.etag, other.etag)]
        return any(one != two for one, two in known if None not in {one, two})

    @property
    def is_known(self) -> bool:
        """Whether the server can be asked if it still has this version."""
        return self.etag is not None or self.last_modified is not None


class Receipt(Struct, frozen=True, kw_only=True):
    """One fetched file. `file`: its name in the folder. `url`: where it came from, less a query.

    `address`: by what the whole address is known.
    `fetched_at`: ISO 8601, UTC. `taken_at`: when `sordiff run` had ingested or refused it; None
    while it waits for that.
    """

    file: str
    url: str
    address: str
    fetched_at: str
    size: int
    sha256: str
    version: Version
    taken_at: str | None = None
