# What is installed, but for the JavaScript of our messages, which comes last (CMakeLists.txt).
install(DIRECTORY config launch rviz msg srv action DESTINATION "share/${PROJECT_NAME}")
install(FILES README.md LICENSE DESTINATION "share/${PROJECT_NAME}")

# install_executable(name node): lib/intelligent_autofocus/<name> starts <node>.
function(install_executable name node)
  # Executable in the build folder too, to which --symlink-install links.
  configure_file(cmake/executable.sh.in "${CMAKE_CURRENT_BINARY_DIR}/bin/${name}" @ONLY
    FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  install(PROGRAMS "${CMAKE_CURRENT_BINARY_DIR}/bin/${name}" DESTINATION "lib/${PROJECT_NAME}")
endfunction()

foreach(node camera_driver motor_driver autofocus focus_strategy fusion)
  install_executable("${node}_node" "${node}")
endforeach()
install_executable(autofocus_container container)

# install_script(name): runs the configured cmake/<name>.cmake.in at install.
function(install_script name)
  configure_file("cmake/${name}.cmake.in" "${CMAKE_CURRENT_BINARY_DIR}/${name}.cmake" @ONLY)
  install(SCRIPT "${CMAKE_CURRENT_BINARY_DIR}/${name}.cmake")
endfunction()

install_script(install-npm)
