"""What OpenCV takes for the kernels of bench/kernels.ts, on one thread: prints JSON of the best times in milliseconds."""

import json
import sys
import time

import cv2
import numpy as np


def best(runs, work):
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return min(times)


def disk(radius):
    """A disk of whole pixels, as the peer's filter wants it."""
    reach = np.arange(-radius, radius + 1)
    kernel = (reach[:, None] ** 2 + reach[None, :] ** 2 <= radius**2).astype(np.float32)
    return kernel / kernel.sum()


def tenengrad(gray):
    x = cv2.Sobel(gray, cv2.CV_32F, 1, 0)
    y = cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    return (cv2.norm(x, cv2.NORM_L2SQR) + cv2.norm(y, cv2.NORM_L2SQR)) / gray.size


def main():
    runs = int(sys.argv[1])
    cv2.setNumThreads(1)
    random = np.random.default_rng(1)
    frame = random.random((1080, 1920), dtype=np.float32)
    region = random.random((512, 576), dtype=np.float32)
    window = random.integers(0, 256, (512, 512), dtype=np.uint8)
    colour = random.integers(0, 256, (1080, 1920, 3), dtype=np.uint8)
    mosaic = np.ascontiguousarray(colour[:, :, 0])
    yuyv = mosaic.reshape(1080, 960, 2)
    matrix = np.float32([[0.97, 0, 28.8], [0, 0.97, 16.2]])
    cubic = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP

    def disk_blur(radius):
        kernel = disk(radius)
        return lambda: cv2.filter2D(region, -1, kernel, borderType=cv2.BORDER_REFLECT)

    work = {
        "disk blur, r = 10, 576x512": disk_blur(10),
        "disk blur, r = 160, 576x512": disk_blur(160),
        "Gaussian blur, sigma = 3, 1920x1080": lambda: cv2.GaussianBlur(frame, (25, 25), 3),
        "box filter, r = 8, 1920x1080": lambda: cv2.blur(frame, (17, 17), borderType=cv2.BORDER_REPLICATE),
        "resample bicubic, 1920x1080": lambda: cv2.warpAffine(
            frame, matrix, (1920, 1080), flags=cubic, borderMode=cv2.BORDER_REPLICATE
        ),
        "Tenengrad, 512x512": lambda: tenengrad(window),
        "gray, 1920x1080": lambda: cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY),
        "Bayer to rgb, 1920x1080": lambda: cv2.cvtColor(mosaic, cv2.COLOR_BayerBG2RGB),
        "YUYV to rgb, 960x1080": lambda: cv2.cvtColor(yuyv, cv2.COLOR_YUV2RGB_YUYV),
    }
    if hasattr(cv2, "ximgproc"):
        work["guided filter, r = 8, 1920x1080"] = lambda: cv2.ximgproc.guidedFilter(frame, frame, 8, 0.01)
    times = {name: best(runs, each) for name, each in work.items()}
    print(json.dumps({"version": cv2.__version__, "times": times}))


main()
