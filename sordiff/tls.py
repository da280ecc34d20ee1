"""Verified TLS for whatever connects."""

import ssl

from sordiff.errors import SordiffError


def build_tls_context(ca_file: str | None, section: str) -> ssl.SSLContext:
    """Build a context that verifies certificates and host names.

    It trusts the system's authorities, or those that SSL_CERT_FILE and SSL_CERT_DIR name, and those
    in `ca_file`, which is tls_ca_file of that section. SordiffError if that can't be used.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:
            is_tls = isinstance(error, ssl.SSLError)
            cause = "it holds no PEM certificates" if is_tls else error.strerror
            message = f"tls_ca_file of [{section}], {ca_file}, can't be used: {cause}."
            raise SordiffError(message, advice="Check the file.") from error
    return context
