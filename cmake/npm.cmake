# npm_build: installs the dependencies and builds dist/ and the native addon in the staging folder. Each step has a
# stamp: dependencies are installed again only when package-lock.json or the native sources change.
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

# npm_config_yes answers what npm would ask: rclnodejs' own build calls npx.
set(npm_environment npm_config_yes=true)
# The headers that come with Node.js, where they do: node-gyp would download them.
file(REAL_PATH "${NODE}" node_prefix)
cmake_path(GET node_prefix PARENT_PATH node_prefix)
cmake_path(GET node_prefix PARENT_PATH node_prefix)
if(EXISTS "${node_prefix}/include/node/node_api.h" AND NOT DEFINED ENV{npm_config_nodedir})
  list(APPEND npm_environment "npm_config_nodedir=${node_prefix}")
endif()
set(in_staging "${CMAKE_COMMAND}" -E chdir "${staging}" "${CMAKE_COMMAND}" -E env ${npm_environment})

file(GLOB manifest CONFIGURE_DEPENDS
  "${source}/package.json" "${source}/package-lock.json" "${source}/.npmrc" "${source}/binding.gyp")
file(GLOB_RECURSE native CONFIGURE_DEPENDS "${source}/native/*.cc" "${source}/native/*.h")
file(GLOB_RECURSE typescript CONFIGURE_DEPENDS "${source}/src/*.ts" "${source}/tsconfig*.json")
list(FILTER typescript EXCLUDE REGEX "/node_modules/")

add_custom_command(
  OUTPUT "${staging}/dependencies.stamp"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${staging}"
  COMMAND "${CMAKE_COMMAND}" -E copy ${manifest} "${staging}"
  COMMAND "${CMAKE_COMMAND}" -E copy_directory "${source}/native" "${staging}/native"
  COMMAND ${in_staging} "${NPM}" ci --ignore-scripts --no-audit --no-fund --prefer-offline
  # Its own step, so that a failure is told: as an optional dependency of a plain npm ci it would just be missing.
  COMMAND ${in_staging} "${NPM}" rebuild --foreground-scripts rclnodejs
  COMMAND ${in_staging} "${NPM}" exec --offline -- node-gyp rebuild
  COMMAND "${CMAKE_COMMAND}" -E touch "${staging}/dependencies.stamp"
  DEPENDS ${manifest} ${native}
  COMMENT "Installing the npm packages and compiling the native addon"
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

add_custom_target(npm_build ALL DEPENDS "${staging}/dist.stamp")
