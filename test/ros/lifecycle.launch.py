"""For the tests: a node whose life launch_ros manages. Prints "it is active" when it is."""

from launch import LaunchDescription
from launch.actions import EmitEvent, LogInfo, RegisterEventHandler
from launch.events import matches_action
from launch_ros.actions import LifecycleNode
from launch_ros.event_handlers import OnStateTransition
from launch_ros.events.lifecycle import ChangeState
from lifecycle_msgs.msg import Transition


def generate_launch_description():
    motor = LifecycleNode(
        package='intelligent_autofocus',
        executable='motor_driver_node',
        name='motor_driver',
        namespace='managed',
        parameters=[{'autostart': False}],
        output='screen',
    )

    def change(transition):
        return EmitEvent(event=ChangeState(lifecycle_node_matcher=matches_action(motor), transition_id=transition))

    def when(state, *actions):
        return RegisterEventHandler(
            OnStateTransition(target_lifecycle_node=motor, goal_state=state, entities=list(actions))
        )

    return LaunchDescription(
        [
            motor,
            change(Transition.TRANSITION_CONFIGURE),
            when('inactive', change(Transition.TRANSITION_ACTIVATE)),
            when('active', LogInfo(msg='it is active')),
        ]
    )
