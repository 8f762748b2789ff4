"""Autofocus beside a camera driver that runs already (usb_cam, v4l2_camera, camera_ros, ...).

    ros2 run v4l2_camera v4l2_camera_node --ros-args -r __ns:=/usb
    ros2 launch intelligent_autofocus attach.launch.py image_topic:=/usb/image_raw

Its pictures appear as image_raw in our namespace too, beside where the lens stood. The lens is ours: lens_driver says
which. Takes the arguments of autofocus.launch.py.
"""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.substitutions import FindPackageShare

SHARE = FindPackageShare('intelligent_autofocus')


def generate_launch_description():
    image_topic = DeclareLaunchArgument('image_topic', description='The sensor_msgs/Image topic of the camera.')
    autofocus = IncludeLaunchDescription(
        PythonLaunchDescriptionSource(PathJoinSubstitution([SHARE, 'launch', 'autofocus.launch.py'])),
        launch_arguments={
            'camera_driver': 'topic',
            'image_topic': LaunchConfiguration('image_topic'),
            'parent_frame': 'none',
        }.items(),
    )
    return LaunchDescription([image_topic, autofocus])
