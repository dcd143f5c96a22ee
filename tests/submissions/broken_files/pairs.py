import numpy as np

print("tests:", 1 / 0)
