"""The tables of the register: sor.csv and the CSV files of SOR2, read whole or refused whole."""
