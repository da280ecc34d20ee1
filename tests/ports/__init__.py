"""What every reader, every sink and every changelog must do, and the plain ones in memory that do it too."""
