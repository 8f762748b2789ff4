# Run while building, with NODE and MODULES (node_modules) set: compiles rclnodejs where it brings no binary for this
# system. Its own install script gives up after ten minutes and compiles 16 files at a time, which is too short and too
# much memory for the computer of a robot. JavaScript of messages is made at install (install-messages.cmake.in).
set(rclnodejs "${MODULES}/rclnodejs")
if(NOT EXISTS "${rclnodejs}")
  message(FATAL_ERROR "npm has not installed rclnodejs; is Node.js new enough for it?")
endif()
execute_process(
  COMMAND "${NODE}" -e "process.exit(require('./scripts/install.cjs').checkPrebuiltBinary() ? 0 : 1)"
  WORKING_DIRECTORY "${rclnodejs}" RESULT_VARIABLE missing)
if(missing)
  # Not rebuild: what was compiled before an interruption counts.
  foreach(step "configure" "build;-j;max")
    execute_process(
      COMMAND "${NODE}" "${MODULES}/node-gyp/bin/node-gyp.js" ${step}
      WORKING_DIRECTORY "${rclnodejs}" COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
endif()
