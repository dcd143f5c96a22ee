raise SystemExit("a file that must never be imported")
