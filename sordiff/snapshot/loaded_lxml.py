"""Loads lxml, which loses an interruption meanwhile (findings/lxml-lost-interrupt.sh)."""

from sordiff.interrupts import hold_interrupts

with hold_interrupts():
    from lxml import etree

__all__ = ["etree"]
