"""Calamine reads the cells of a workbook: the floor under every program that reads one with it."""

import sys

import python_calamine

python_calamine.load_workbook(sys.argv[1]).get_sheet_by_index(0).to_python()
