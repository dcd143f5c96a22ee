import sys
sys.exit("no losses today")
