"""A camera of somebody else, for the tests: publishes bgr8 pictures on /usb/image_raw, best effort, until it is ended."""

import random

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import Image

WIDTH, HEIGHT, SQUARE = 640, 480, 8


def squares():
    """Random black and gray squares: sharp edges everywhere."""
    draw = random.Random(1)
    lines = []
    for _ in range(HEIGHT // SQUARE):
        line = b''.join(bytes([draw.choice((20, 200))]) * (3 * SQUARE) for _ in range(WIDTH // SQUARE))
        lines.append(line * SQUARE)
    return b''.join(lines)


def main():
    rclpy.init()
    node = rclpy.create_node('usb_cam', namespace='/usb')
    qos = QoSProfile(depth=5, reliability=ReliabilityPolicy.BEST_EFFORT)
    publisher = node.create_publisher(Image, 'image_raw', qos)
    picture = Image(width=WIDTH, height=HEIGHT, step=3 * WIDTH, encoding='bgr8', data=squares())
    picture.header.frame_id = 'usb'

    def tick():
        picture.header.stamp = node.get_clock().now().to_msg()
        publisher.publish(picture)

    node.create_timer(0.1, tick)
    try:
        rclpy.spin(node)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass


if __name__ == '__main__':
    main()
