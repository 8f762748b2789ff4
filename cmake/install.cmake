# What is installed, and the last step: JavaScript for our own messages.
set(share "share/${PROJECT_NAME}")

install(DIRECTORY config launch rviz msg srv action DESTINATION "${share}")
install(FILES package.json package-lock.json .npmrc README.md LICENSE DESTINATION "${share}")

foreach(node camera_driver motor_driver autofocus focus_strategy fusion)
  configure_file(cmake/executable.sh.in "${CMAKE_CURRENT_BINARY_DIR}/bin/${node}_node" @ONLY)
  install(PROGRAMS "${CMAKE_CURRENT_BINARY_DIR}/bin/${node}_node" DESTINATION "lib/${PROJECT_NAME}")
endforeach()
set(node container)
configure_file(cmake/executable.sh.in "${CMAKE_CURRENT_BINARY_DIR}/bin/autofocus_container" @ONLY)
install(PROGRAMS "${CMAKE_CURRENT_BINARY_DIR}/bin/autofocus_container" DESTINATION "lib/${PROJECT_NAME}")

# As code and not as install(DIRECTORY): with --symlink-install ament would link each of thousands of files, and Node
# follows links to where the file is, away from its package. Dependencies are copied only when they have changed.
install(CODE "
  set(share \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${share}\")
  file(REMOVE_RECURSE \"\${share}/dist\")
  file(INSTALL DESTINATION \"\${share}\" TYPE DIRECTORY FILES \"${staging}/dist\" \"${source}/models\")
  file(INSTALL DESTINATION \"\${share}/build/Release\" TYPE FILE FILES \"${staging}/build/Release/autofocus.node\")
  if(\"${staging}/dependencies.stamp\" IS_NEWER_THAN \"\${share}/node_modules/.installed\")
    file(REMOVE_RECURSE \"\${share}/node_modules\")
    file(INSTALL DESTINATION \"\${share}\" TYPE DIRECTORY USE_SOURCE_PERMISSIONS FILES \"${staging}/node_modules\")
    execute_process(
      COMMAND \"${NPM}\" prune --omit=dev --ignore-scripts --offline --no-audit --no-fund
      WORKING_DIRECTORY \"\${share}\" COMMAND_ERROR_IS_FATAL ANY)
    file(TOUCH \"\${share}/node_modules/.installed\")
  endif()
")

# rclnodejs makes its JavaScript from the interfaces installed when it is built, among which ours are not yet, and does
# not notice a message that has changed. So it makes it again when ours are installed, unless nothing has changed.
function(install_javascript_messages)
  install(CODE "
    set(prefix \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\")
    set(rclnodejs \"\${prefix}/${share}/node_modules/rclnodejs\")
    set(made \"\${rclnodejs}/generated/.made-with-${PROJECT_NAME}\")
    set(changed FALSE)
    foreach(interface ${interfaces})
      if(\"${source}/\${interface}\" IS_NEWER_THAN \"\${made}\")
        set(changed TRUE)
      endif()
    endforeach()
    if(changed)
      message(STATUS \"Making JavaScript of the interfaces\")
      execute_process(
        COMMAND \"\${CMAKE_COMMAND}\" -E env \"AMENT_PREFIX_PATH=\${prefix}:\$ENV{AMENT_PREFIX_PATH}\"
          \"${NODE}\" \"\${rclnodejs}/scripts/generate_messages.cjs\"
        OUTPUT_VARIABLE output ERROR_VARIABLE output)
      if(NOT EXISTS \"\${rclnodejs}/generated/${PROJECT_NAME}\")
        message(FATAL_ERROR \"rclnodejs made no JavaScript of the interfaces: \${output}\")
      endif()
      file(TOUCH \"\${made}\")
    endif()
  ")
endfunction()
