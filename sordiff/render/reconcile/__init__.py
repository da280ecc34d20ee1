"""What `sordiff reconcile` says: text and page for people, CSV and XLSX to work on, JSON."""
