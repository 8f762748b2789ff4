"""An independent client of the focus action, for the tests: prints what happened as JSON.

    python3 focus_client.py preempt|cancel|together
"""

import json
import sys
import time

import rclpy
from action_msgs.msg import GoalStatus
from intelligent_autofocus.action import Focus
from rclpy.action import ActionClient

NAMES = {
    GoalStatus.STATUS_SUCCEEDED: 'succeeded',
    GoalStatus.STATUS_ABORTED: 'aborted',
    GoalStatus.STATUS_CANCELED: 'canceled',
}


class Client:
    def __init__(self):
        self.node = rclpy.create_node('focus_client')
        self.actions = ActionClient(self.node, Focus, '/camera/autofocus/focus')
        if not self.actions.wait_for_server(timeout_sec=30.0):
            sys.exit('no action server')

    def done(self, future):
        rclpy.spin_until_future_complete(self.node, future, timeout_sec=60.0)
        return future.result()

    def send(self, **fields):
        handle = self.done(self.actions.send_goal_async(Focus.Goal(**fields)))
        if not handle.accepted:
            sys.exit('the goal was rejected')
        return handle

    def spin(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            rclpy.spin_once(self.node, timeout_sec=0.05)


def preempt(client):
    first = client.send(search='coarse-fine')
    client.spin(0.5)
    second = client.send()
    old, new = (client.done(goal.get_result_async()) for goal in (first, second))
    return {'first': NAMES[old.status], 'firstCode': old.result.error_code, 'second': NAMES[new.status]}


def cancel(client):
    goal = client.send(search='coarse-fine')
    client.spin(0.5)
    client.done(goal.cancel_goal_async())
    ended = client.done(goal.get_result_async())
    return {'status': NAMES[ended.status], 'code': ended.result.error_code}


def together(client):
    """Two goals in one breath, neither waiting for the other."""
    offers = [client.actions.send_goal_async(Focus.Goal(search='coarse-fine')) for _ in range(2)]
    ends = [client.done(client.done(offer).get_result_async()) for offer in offers]
    return {'ends': sorted([NAMES[end.status], end.result.error_code] for end in ends)}


def main():
    rclpy.init()
    print(json.dumps({'preempt': preempt, 'cancel': cancel, 'together': together}[sys.argv[1]](Client())))


if __name__ == '__main__':
    main()
