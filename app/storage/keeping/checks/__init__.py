"""What a whole library is, subject by subject; `app/storage/keeping/checking.py` asks them all."""
