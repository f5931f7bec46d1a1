"""The tests: unit, gui, journeys, faults and bench."""
