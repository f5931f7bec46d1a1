"""Words as they are compared: one form for each word, number and date, however it is written."""
