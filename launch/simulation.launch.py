"""A simulated camera and motor: everything works, no hardware needed.

    ros2 launch intelligent_autofocus simulation.launch.py
    ros2 action send_goal --feedback /camera/autofocus/focus intelligent_autofocus/action/Focus "{}"

Takes the arguments of autofocus.launch.py.
"""

from launch import LaunchDescription
from launch.actions import IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import PathJoinSubstitution
from launch_ros.substitutions import FindPackageShare

SHARE = FindPackageShare('intelligent_autofocus')


def generate_launch_description():
    autofocus = IncludeLaunchDescription(
        PythonLaunchDescriptionSource(PathJoinSubstitution([SHARE, 'launch', 'autofocus.launch.py'])),
        launch_arguments={
            'camera_driver': 'simulated',
            'lens_driver': 'simulated',
            'params_file': PathJoinSubstitution([SHARE, 'config', 'simulation.yaml']),
        }.items(),
    )
    return LaunchDescription([autofocus])
