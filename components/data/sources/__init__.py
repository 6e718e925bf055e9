"""Where datasets come from: uploads, Yahoo Finance, samples that ship, and formulas."""
