"""Whole tables for those who analyse."""
