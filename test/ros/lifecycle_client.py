"""An independent client of the managed nodes and of the camera, for the tests: prints what happened as JSON.

    python3 lifecycle_client.py calibrate|events|trigger
"""

import json
import sys
import time

import rclpy
from lifecycle_msgs.msg import TransitionEvent
from lifecycle_msgs.srv import ChangeState
from rclpy.qos import qos_profile_sensor_data
from sensor_msgs.msg import CameraInfo
from sensor_msgs.srv import SetCameraInfo
from std_srvs.srv import Trigger

K = [500.0, 0.0, 320.0, 0.0, 500.0, 240.0, 0.0, 0.0, 1.0]
P = [500.0, 0.0, 320.0, 0.0, 0.0, 500.0, 240.0, 0.0, 0.0, 0.0, 1.0, 0.0]


class Client:
    def __init__(self):
        self.node = rclpy.create_node('lifecycle_client')

    def call(self, service, kind, request):
        client = self.node.create_client(kind, service)
        if not client.wait_for_service(timeout_sec=30.0):
            sys.exit(f'no service {service}')
        future = client.call_async(request)
        rclpy.spin_until_future_complete(self.node, future, timeout_sec=60.0)
        return future.result()

    def until(self, condition, seconds=30.0):
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            rclpy.spin_once(self.node, timeout_sec=0.05)


def calibrate(client):
    infos = []
    # Best effort, as sensor data is usually listened to.
    client.node.create_subscription(CameraInfo, '/camera/camera_info', infos.append, qos_profile_sensor_data)
    client.until(lambda: infos)
    info = CameraInfo(width=infos[0].width, height=infos[0].height, distortion_model='plumb_bob')
    info.d, info.k, info.p = [0.1, 0.0, 0.0, 0.0, 0.0], K, P
    service = '/camera/set_camera_info'
    answer = client.call(service, SetCameraInfo, SetCameraInfo.Request(camera_info=info))
    client.until(lambda: infos[-1].k[0] > 0)
    info.width += 1
    wrong = client.call(service, SetCameraInfo, SetCameraInfo.Request(camera_info=info))
    return {
        'before': infos[0].k[0],
        'success': answer.success,
        'after': infos[-1].k[0],
        'model': infos[-1].distortion_model,
        'wrong': wrong.success,
        'why': wrong.status_message,
    }


def events(client):
    heard = []
    subscription = client.node.create_subscription(
        TransitionEvent, '/camera/fusion/transition_event', heard.append, 10
    )
    client.until(lambda: subscription.handle.get_publisher_count() > 0)
    for label in ('deactivate', 'activate'):
        request = ChangeState.Request()
        request.transition.label = label
        client.call('/camera/fusion/change_state', ChangeState, request)
    client.until(lambda: len(heard) >= 4)
    return [[event.start_state.label, event.goal_state.label] for event in heard]


def trigger(client):
    answer = client.call('/camera/autofocus/trigger', Trigger, Trigger.Request())
    return {'success': answer.success, 'message': answer.message}


def main():
    rclpy.init()
    print(json.dumps({'calibrate': calibrate, 'events': events, 'trigger': trigger}[sys.argv[1]](Client())))


if __name__ == '__main__':
    main()
