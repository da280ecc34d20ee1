"""Tests of whole tables for those who analyse."""
