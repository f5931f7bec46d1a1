"""From printed lines on a page to text in reading order with headings, paragraphs and tables."""
