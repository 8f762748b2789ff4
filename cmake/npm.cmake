# npm_build: installs the dependencies and builds the native addon and dist/ in the staging folder. Each step has a
# stamp: what takes minutes is done again only when what it is made of has changed.
find_program(NPM npm)
find_program(NODE NAMES node nodejs)
if(NOT NPM OR NOT NODE)
  message(FATAL_ERROR "node and npm are not on the PATH. Install Node.js 20.20.2 or newer (docs/ros.md says how).")
endif()
execute_process(COMMAND "${NODE}" --version OUTPUT_VARIABLE node_version OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REGEX REPLACE "^v" "" node_version "${node_version}")
if(node_version VERSION_LESS "20.20.2")
  message(FATAL_ERROR "Node.js ${node_version} is too old: 20.20.2 or newer is needed (docs/ros.md says how).")
endif()

set(staging "${CMAKE_CURRENT_BINARY_DIR}/npm")
set(source "${CMAKE_CURRENT_SOURCE_DIR}")

set(in_staging "${CMAKE_COMMAND}" -E chdir "${staging}")
# node-gyp takes the headers that come with Node.js, where they do; it would download them.
set(compiling ${in_staging})
file(REAL_PATH "${NODE}" node_prefix)
cmake_path(GET node_prefix PARENT_PATH node_prefix)
cmake_path(GET node_prefix PARENT_PATH node_prefix)
if(EXISTS "${node_prefix}/include/node/node_api.h" AND NOT DEFINED ENV{npm_config_nodedir})
  list(APPEND compiling "${CMAKE_COMMAND}" -E env "npm_config_nodedir=${node_prefix}")
endif()

file(GLOB manifest CONFIGURE_DEPENDS
  "${source}/package.json" "${source}/package-lock.json" "${source}/.npmrc")
file(GLOB_RECURSE native CONFIGURE_DEPENDS "${source}/native/*.cc" "${source}/native/*.h")
list(APPEND native "${source}/binding.gyp")
file(GLOB_RECURSE typescript CONFIGURE_DEPENDS "${source}/src/*.ts" "${source}/tsconfig*.json")
list(FILTER typescript EXCLUDE REGEX "/node_modules/")

add_custom_command(
  OUTPUT "${staging}/dependencies.stamp"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${staging}"
  COMMAND "${CMAKE_COMMAND}" -E copy ${manifest} "${staging}"
  COMMAND ${in_staging} "${NPM}" ci --ignore-scripts --no-audit --no-fund --prefer-offline
  COMMAND "${CMAKE_COMMAND}" -E touch "${staging}/dependencies.stamp"
  DEPENDS ${manifest}
  COMMENT "Installing the npm packages"
  VERBATIM)

add_custom_command(
  OUTPUT "${staging}/rclnodejs.stamp"
  COMMAND ${compiling} "${CMAKE_COMMAND}" -D "NODE=${NODE}" -D "MODULES=${staging}/node_modules"
    -P "${source}/cmake/build-rclnodejs.cmake"
  COMMAND "${CMAKE_COMMAND}" -E touch "${staging}/rclnodejs.stamp"
  DEPENDS "${staging}/dependencies.stamp"
  COMMENT "Looking for a binary of rclnodejs, or compiling it"
  VERBATIM)

add_custom_command(
  OUTPUT "${staging}/addon.stamp"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${staging}/native"
  COMMAND "${CMAKE_COMMAND}" -E copy "${source}/binding.gyp" "${staging}"
  COMMAND "${CMAKE_COMMAND}" -E copy_directory "${source}/native" "${staging}/native"
  COMMAND ${compiling} "${NODE}" node_modules/node-gyp/bin/node-gyp.js rebuild -j max
  COMMAND "${CMAKE_COMMAND}" -E touch "${staging}/addon.stamp"
  DEPENDS "${staging}/dependencies.stamp" ${native}
  COMMENT "Compiling the native addon"
  VERBATIM)

add_custom_command(
  OUTPUT "${staging}/dist.stamp"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${staging}/src" "${staging}/dist"
  COMMAND "${CMAKE_COMMAND}" -E copy_directory "${source}/src" "${staging}/src"
  COMMAND "${CMAKE_COMMAND}" -E copy "${source}/tsconfig.json" "${source}/tsconfig.build.json" "${staging}"
  COMMAND ${in_staging} "${NPM}" run build
  COMMAND "${CMAKE_COMMAND}" -E touch "${staging}/dist.stamp"
  DEPENDS "${staging}/dependencies.stamp" ${typescript}
  COMMENT "Compiling TypeScript"
  VERBATIM)

add_custom_target(npm_build ALL
  DEPENDS "${staging}/rclnodejs.stamp" "${staging}/addon.stamp" "${staging}/dist.stamp")
