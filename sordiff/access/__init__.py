"""Who may read or decide over HTTP: tokens, and the file beside the changelog that knows them."""

from sordiff.access.token import AccessToken, Role, issue_token
from sordiff.access.token_file import TokenFile

__all__ = ["AccessToken", "Role", "TokenFile", "issue_token"]
