"""What OpenCV's Tenengrad of a 512x512 patch takes on one thread, in milliseconds: prints JSON. Sobel in x and y as 32-bit
floats, their squares, the mean."""

import json
import sys
import time

import cv2
import numpy as np


def tenengrad(gray):
    x = cv2.Sobel(gray, cv2.CV_32F, 1, 0)
    y = cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    return cv2.mean(cv2.add(cv2.multiply(x, x), cv2.multiply(y, y)))[0]


def main():
    runs = int(sys.argv[1])
    cv2.setNumThreads(1)
    patch = np.random.default_rng(1).integers(0, 256, (512, 512), dtype=np.uint8)
    tenengrad(patch)
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        tenengrad(patch)
        times.append(1000 * (time.perf_counter() - start))
    print(json.dumps({"version": cv2.__version__, "times": {"Tenengrad, 512x512": min(times)}}))


main()
