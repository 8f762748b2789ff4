"""Several cameras: one namespace and one process each.

    ros2 launch intelligent_autofocus multi_camera.launch.py cameras:=left,right

The parameter file may say different things for /left/autofocus and /right/autofocus. Takes the other arguments of
autofocus.launch.py.
"""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, GroupAction, IncludeLaunchDescription, OpaqueFunction
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.substitutions import FindPackageShare

SHARE = FindPackageShare('intelligent_autofocus')


def cameras(context):
    names = [name.strip() for name in LaunchConfiguration('cameras').perform(context).split(',')]
    if '' in names or len(set(names)) < len(names):
        raise RuntimeError(f'cameras are different names joined by commas, not {",".join(names)!r}')
    source = PathJoinSubstitution([SHARE, 'launch', 'autofocus.launch.py'])
    # A group each, so that the arguments of one are not seen by the next.
    return [
        GroupAction(
            [
                IncludeLaunchDescription(
                    PythonLaunchDescriptionSource(source), launch_arguments={'namespace': name}.items()
                )
            ]
        )
        for name in names
    ]


def generate_launch_description():
    return LaunchDescription(
        [
            DeclareLaunchArgument('cameras', default_value='left,right', description='Names joined by commas.'),
            OpaqueFunction(function=cameras),
        ]
    )
