"""What a whole library is, subject by subject; `app/storage/checking.py` asks them all."""
