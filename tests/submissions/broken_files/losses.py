import numpy as np
from helper import squared
