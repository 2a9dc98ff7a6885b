"""Set-up and everyday commands; `python3 -m scripts --help` lists them."""
