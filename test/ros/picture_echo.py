"""Sends every picture on /echo/picture back on /echo/back, through rclpy's own (de)serialisation."""

import rclpy
from rclpy.executors import ExternalShutdownException
from sensor_msgs.msg import Image


def main():
    rclpy.init()
    node = rclpy.create_node('picture_echo')
    back = node.create_publisher(Image, '/echo/back', 5)
    node.create_subscription(Image, '/echo/picture', back.publish, 5)
    print('ready', flush=True)
    try:
        rclpy.spin(node)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass


if __name__ == '__main__':
    main()
