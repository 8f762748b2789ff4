"""Starts the nodes of one camera: drivers, autofocus, focus strategy and fusion.

    ros2 launch intelligent_autofocus autofocus.launch.py namespace:=left lens:=/home/me/my-lens.yaml

Every argument that is left empty leaves its parameter to the parameter file. `--show-args` lists them all.
"""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.conditions import IfCondition
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare

PACKAGE = 'intelligent_autofocus'
DRIVERS = ['camera_driver', 'motor_driver']
COMPUTATION = ['autofocus', 'focus_strategy', 'fusion']

ARGUMENTS = {
    'namespace': ('camera', 'Namespace of the nodes: the name of the camera.'),
    'camera_driver': ('', 'Parameter driver of camera_driver; none: it runs elsewhere.'),
    'lens_driver': ('', 'Parameter driver of motor_driver; none: it runs elsewhere.'),
    'lens': ('', 'Lens file for all nodes: a name in config/lenses or a path.'),
    'pixel_scale': ('', 'Pixels delivered for each pixel of the frame that the lens file was made for, for all nodes.'),
    'params_file': (
        PathJoinSubstitution([FindPackageShare(PACKAGE), 'config', 'autofocus.yaml']),
        'Parameters of the nodes.',
    ),
    'composed': ('true', 'One process for all nodes, in which frames are not copied; false: one process each.'),
    'nodes': ('all', 'Which nodes: all, drivers (beside the camera) or computation (on a stronger machine).'),
    'image_topic': ('', 'With camera_driver:=topic: the image topic of somebody else.'),
    'frame_id': ('', 'Optical frame of the camera (tf2); empty: <namespace>_optical_frame.'),
    'parent_frame': ('', 'Frame that the optical frame is fixed to; empty: <namespace>_link; none: no transform.'),
    'autostart': ('', 'Whether the nodes configure and activate themselves (true); false: by ros2 lifecycle set.'),
    'use_sim_time': ('false', 'Take the time from /clock.'),
    'respawn': ('false', 'Start a node again when its process ends.'),
    'log_level': ('info', 'debug, info, warn, error or fatal.'),
    'rviz': ('false', 'Start rviz2 with rviz/autofocus.rviz.'),
}


def chosen(context, name):
    return LaunchConfiguration(name).perform(context)


def frames(context):
    """The optical frame of the camera and the frame it is fixed to."""
    name = chosen(context, 'namespace').strip('/').replace('/', '_') or 'camera'
    return (
        chosen(context, 'frame_id') or f'{name}_optical_frame',
        chosen(context, 'parent_frame') or f'{name}_link',
    )


def wanted_nodes(context):
    groups = {'all': DRIVERS + COMPUTATION, 'drivers': DRIVERS, 'computation': COMPUTATION}
    group = chosen(context, 'nodes')
    if group not in groups:
        raise RuntimeError(f'nodes is one of {", ".join(groups)}, not {group!r}')
    absent = {
        'camera_driver': chosen(context, 'camera_driver') == 'none',
        'motor_driver': chosen(context, 'lens_driver') == 'none',
    }
    return [node for node in groups[group] if not absent.get(node, False)]


def ros_arguments(context):
    """Parameters for single nodes and remappings, the same in one process or several."""
    arguments = ['--log-level', chosen(context, 'log_level')]

    def parameter(node, name, value):
        if value not in ('', 'none'):
            arguments.extend(['-p', f'{node}:{name}:={value}'])

    for driver in DRIVERS:
        parameter(driver, 'frame_id', frames(context)[0])
    parameter('camera_driver', 'driver', chosen(context, 'camera_driver'))
    parameter('motor_driver', 'driver', chosen(context, 'lens_driver'))
    for node in (*DRIVERS, *COMPUTATION):
        parameter(node, 'lens', chosen(context, 'lens'))
        parameter(node, 'autostart', chosen(context, 'autostart').lower())
        if node != 'motor_driver':
            parameter(node, 'pixel_scale', chosen(context, 'pixel_scale'))
    parameter('camera_driver', 'topic.image', chosen(context, 'image_topic'))
    return arguments


def respawned(context):
    return {'respawn': chosen(context, 'respawn').lower() == 'true', 'respawn_delay': 2.0}


def nodes(context):
    common = {
        'package': PACKAGE,
        'namespace': LaunchConfiguration('namespace'),
        'parameters': [
            LaunchConfiguration('params_file'),
            {'use_sim_time': chosen(context, 'use_sim_time').lower() == 'true'},
        ],
        'ros_arguments': ros_arguments(context),
        'output': 'screen',
        'emulate_tty': True,
        **respawned(context),
    }
    wanted = wanted_nodes(context)
    if chosen(context, 'composed').lower() == 'true':
        return [Node(executable='autofocus_container', arguments=wanted, **common)]
    return [Node(executable=f'{node}_node', **common) for node in wanted]


def transform(context):
    """Where the optical frame points: z forward, x right, y down, on a body with x forward and z up."""
    optical, parent = frames(context)
    if parent == 'none' or 'camera_driver' not in wanted_nodes(context):
        return []
    arguments = ['--roll', '-1.5707963', '--yaw', '-1.5707963', '--frame-id', parent, '--child-frame-id', optical]
    return [
        Node(
            package='tf2_ros',
            executable='static_transform_publisher',
            namespace=LaunchConfiguration('namespace'),
            arguments=arguments,
            **respawned(context),
        )
    ]


def rviz(context):
    remapped = (
        'image_raw',
        'focus_strategy/activation_image',
        'focus_strategy/activation_grid',
        'all_in_focus/image',
    )
    namespace = chosen(context, 'namespace').strip('/')
    config = PathJoinSubstitution([FindPackageShare(PACKAGE), 'rviz', 'autofocus.rviz'])
    return [
        Node(
            package='rviz2',
            executable='rviz2',
            arguments=['-d', config, '--fixed-frame', frames(context)[0]],
            remappings=[(f'/camera/{topic}', f'/{namespace}/{topic}') for topic in remapped],
            condition=IfCondition(LaunchConfiguration('rviz')),
            **respawned(context),
        )
    ]


def generate_launch_description():
    arguments = [
        DeclareLaunchArgument(name, default_value=default, description=description)
        for name, (default, description) in ARGUMENTS.items()
    ]
    functions = [OpaqueFunction(function=function) for function in (nodes, transform, rviz)]
    return LaunchDescription([*arguments, *functions])
