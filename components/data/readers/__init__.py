"""What reads each kind of file: CSV, workbooks, JSON, Parquet, .ts, plain text, audio and archives of
these."""
